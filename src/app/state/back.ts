/** How the reader came to the present page. */

/** Whether "back" stays inside the app: a page opened from outside leads to Home instead. */
let steps = 0;
let alongHistory = false;

/** The shell tells every change of route. */
export function noteStep(): void {
  steps += 1;
}

export function canGoBack(): boolean {
  return steps > 0;
}

/** The shell tells every change of route before it is made: along the browser's history, or to something asked for anew. */
export function noteLeave(along: boolean): void {
  alongHistory = along;
}

/** Whether "back" or "forward" led to the present page: then it is to stand as it was left. */
export function cameAlongHistory(): boolean {
  return alongHistory;
}
