/** Where the dots of the network picture stand. Pure, so that nobody's dot moves unless somebody comes or goes. */

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export const WIDTH = 400;
export const HEIGHT = 260;
export const CENTRE: Spot = { x: WIDTH / 2, y: HEIGHT / 2 };

const RADIUS_X = 140;
const RADIUS_Y = 84;

/** `count` spots on an ellipse around the centre, from the top, clockwise. */
export function spotsAround(count: number): Spot[] {
  return Array.from({ length: count }, (_, index) => {
    const angle = (2 * Math.PI * index) / count - Math.PI / 2 + (count === 1 ? Math.PI / 2 : 0);
    return { x: CENTRE.x + RADIUS_X * Math.cos(angle), y: CENTRE.y + RADIUS_Y * Math.sin(angle) };
  });
}
