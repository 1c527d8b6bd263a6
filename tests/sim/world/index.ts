/**
 * world: a thousand whole peers in one process, under a virtual clock, with people who write, read, boost, come and go. What
 * the network promises is checked while it runs, by checks that know more than any peer does. One seed, one run: `digest`
 * is the same for the same seed, whatever machine it runs on.
 */
export { traffic, type TrafficPoint } from "./curve.ts";
export { MUTATIONS, type Mutation } from "./mutations.ts";
export { DAY, likeOthers, ofSize, SMALL, TINY, type WorldOptions } from "./options.ts";
export { curveSvg } from "./curve-svg.ts";
export { percent, timeOf } from "./watch.ts";
export { World, type WorldHooks, type WorldReport } from "./world.ts";
