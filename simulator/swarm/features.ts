/**
 * What a story may have at all. Each seed first draws which of these are there, then how much of each (swarm testing: Groce
 * et al., ISSTA 2012): with everything on in every run, one feature hides another.
 */
import { Draw } from "./draw.ts";

export const features = [
  "several-homes",
  "second-receiver",
  "second-operator",
  "second-provider",
  "cells",
  "several-generations",
  "roaming",
  "sim-routers",
  "connections",
  "host-names",
  "no-digest",
  "slow-receivers",
  "small-receivers",
  "lossy-radio",
  "clean-radio",
  "lossy-networks",
  "old-network",
  "power-area",
  "batteries-outside",
  "one-building",
  "several-buttons",
  "accessories",
  "not-in-service",
  "telephones",
  "calls-asked-for",
  "wearers",
  "keys",
  "service-people",
  "one-route",
  "bursts",
  "flapping",
  "shares",
  "clock-change",
  "aimed-cuts",
  "strange-certificates",
  "torn-writes",
  "used-memory",
] as const;

/** What few stories need: they bring a peer or a habit that most bugs have nothing to do with. */
export const rareFeatures = [
  "voicemail",
  "cuts-before-calls",
  "flapping-devices",
  "late-devices",
  "doors-by-night",
  "flickering-mains",
  "out-of-earshot",
  "old-buttons",
  "odd-receivers",
  "beats-asked-for",
] as const;

/** What costs a night's budget much, or is a story of its own kind. */
export const rarestFeatures = [
  "long-stories",
  "memory-that-lies",
  "suspended-soon",
  "doors-at-clock-change",
  "played-back-later",
  "cool-rooms",
  "empty-batteries",
  "short-lives",
  "forged-addresses",
] as const;
export type Feature = (typeof features)[number] | (typeof rareFeatures)[number] | (typeof rarestFeatures)[number];

export type FeatureSet = ReadonlySet<Feature>;

/** Each with its own stream, so that one more in the list changes nothing of the others. */
export function drawFeatures(seed: number): FeatureSet {
  const drawn = (feature: Feature, percent: number): boolean => new Draw(seed, `feature ${feature}`).percent(percent);
  return new Set<Feature>([
    ...features.filter((feature) => drawn(feature, 40)),
    ...rareFeatures.filter((feature) => drawn(feature, 15)),
    ...rarestFeatures.filter((feature) => drawn(feature, 3)),
  ]);
}
