/** Scripts that let a shell finish commands, flags, their choices and the names of scenarios, made from the commands themselves. */
import type { CommandNode } from "./command-tree.ts";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** `scenarios`: names that stand where a scenario file may. */
export function completionScript(shell: Shell, tree: readonly CommandNode[], scenarios: readonly string[]): string {
  if (shell === "fish") return fishScript(tree, scenarios);
  return shell === "bash" ? bashScript(tree, scenarios) : zshHead + bashScript(tree, scenarios);
}

/** zsh reads bash's scripts through a module of its own. */
const zshHead = `#compdef livlina
autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
`;

function bashScript(tree: readonly CommandNode[], scenarios: readonly string[]): string {
  const paths = tree.map(({ path }) => quoted(pathPattern(path))).join("|");
  const choices = tree.flatMap((node) =>
    node.flags
      .filter((flag) => flag.choices.length > 0)
      .map((flag) => `    ${quoted(`${node.path} ${flag.name}`)}) words=${quoted(flag.choices.join(" "))} ;;\n`),
  );
  const words = tree.map(
    (node) => `    ${quoted(node.path)}) words=${quoted(wordsOf(node, scenarios).join(" "))} ;;\n`,
  );
  const top = tree.filter(({ path }) => !path.includes(" ")).map(({ path }) => path);
  return `_livlina() {
  local path="" words="" i word
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$path $word" in
      ${paths}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path \${COMP_WORDS[COMP_CWORD - 1]}" in
${choices.join("")}    *) ;;
  esac
  if [ -z "$words" ]; then
    case "$path" in
    "") words=${quoted([...top, "help", "--help", "--version"].join(" "))} ;;
${words.join("")}    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _livlina livlina
`;
}

function fishScript(tree: readonly CommandNode[], scenarios: readonly string[]): string {
  const paths = tree.map(({ path }) => quoted(pathPattern(path))).join(" ");
  const lines: string[] = [];
  const add = (at: string, rest: string): void => {
    lines.push(`complete -c livlina -n ${quoted(`__livlina_at ${quoted(at)}`)} ${rest}\n`);
  };
  for (const node of tree) {
    const [parent, name] = [node.path.split(" ").slice(0, -1).join(" "), node.path.split(" ").at(-1) ?? ""];
    add(parent, `-f -a ${quoted(name)} -d ${quoted(node.description)}`);
    for (const flag of node.flags) {
      const choices = flag.choices.length === 0 ? "" : ` -a ${quoted(flag.choices.join(" "))}`;
      const value = flag.takesValue ? ` -r${choices}` : "";
      add(node.path, `-l ${quoted(flag.name.replace(/^-+/, ""))} -d ${quoted(flag.description)}${value}`);
    }
    if (takesScenario(node)) add(node.path, `-a ${quoted(scenarios.join(" "))}`);
  }
  return `function __livlina_at --argument-names wanted
  set -l path ""
  set -l words (commandline -opc)
  set -e words[1]
  for word in $words
    switch "$path $word"
      case ${paths}
        set path (string trim "$path $word")
    end
  end
  test "$path" = "$wanted"
end
${lines.join("")}`;
}

function wordsOf(node: CommandNode, scenarios: readonly string[]): string[] {
  return [...node.below, ...node.flags.map(({ name }) => name), "--help", ...(takesScenario(node) ? scenarios : [])];
}

function takesScenario({ path }: CommandNode): boolean {
  return ["sim run", "sim check", "dashboard"].includes(path);
}

/** "sim run" as it is met: the path so far, a blank, the next word. */
function pathPattern(path: string): string {
  return path.includes(" ") ? path : ` ${path}`;
}

/** In single quotes a shell changes nothing. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
