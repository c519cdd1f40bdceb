/** How each mark of a unit is drawn: a shape and a colour, so that neither is needed to know it. */
import { type Mark, marks } from "../messages.ts";

/** In the order of the legend: what needs somebody first. */
export const legendMarks: readonly Mark[] = [
  marks.toldToWait,
  marks.waiting,
  marks.accepted,
  marks.noPath,
  marks.onePathLost,
  marks.off,
  marks.fault,
  marks.talking,
  marks.ready,
];

const colours: Readonly<Record<Mark, string>> = {
  r: "--good",
  "1": "--two",
  "0": "--never",
  f: "--one",
  x: "--soft",
  w: "--one",
  n: "--never",
  a: "--good",
  t: "--two",
};

/** One small picture for each mark; drawn again when the size or the colours of the page change. */
export function shapesOf(size: number, ratio: number): ReadonlyMap<string, HTMLCanvasElement> {
  const style = getComputedStyle(document.documentElement);
  const shapes = new Map<string, HTMLCanvasElement>();
  for (const mark of legendMarks) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.round(size * ratio);
    const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
    pen.scale(canvas.width / size, canvas.width / size);
    pen.strokeStyle = pen.fillStyle = style.getPropertyValue(colours[mark]).trim();
    pen.lineWidth = Math.max(1.2, size / 9);
    drawMark(pen, mark, size);
    shapes.set(mark, canvas);
  }
  return shapes;
}

function drawMark(pen: CanvasRenderingContext2D, mark: Mark, size: number): void {
  const middle = size / 2;
  const near = size * 0.22;
  const far = size - near;
  const edge = far - near;
  pen.beginPath();
  switch (mark) {
    case marks.ready:
      pen.fillRect(near, near, edge, edge);
      return;
    case marks.onePathLost:
      pen.strokeRect(near, near, edge, edge);
      pen.fillRect(near, near, edge / 2, edge);
      return;
    case marks.noPath:
      pen.strokeRect(near, near, edge, edge);
      line(pen, near, far, far, near);
      return;
    case marks.off:
      line(pen, near, near, far, far);
      line(pen, near, far, far, near);
      return;
    case marks.fault:
      pen.moveTo(middle, near - 1);
      pen.lineTo(far + 1, far);
      pen.lineTo(near - 1, far);
      pen.fill();
      return;
    case marks.waiting:
      pen.arc(middle, middle, size * 0.38, 0, 7);
      pen.fill();
      return;
    case marks.toldToWait:
      pen.moveTo(middle, 0);
      pen.lineTo(size, middle);
      pen.lineTo(middle, size);
      pen.lineTo(0, middle);
      pen.fill();
      return;
    case marks.accepted:
      pen.arc(middle, middle, size * 0.32, 0, 7);
      pen.stroke();
      pen.beginPath();
      pen.arc(middle, middle, size * 0.12, 0, 7);
      pen.fill();
      return;
    case marks.talking:
      pen.arc(middle, middle, size * 0.36, 0, 7);
      pen.stroke();
      line(pen, near + 1, middle, far - 1, middle);
      return;
  }
}

function line(pen: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}
