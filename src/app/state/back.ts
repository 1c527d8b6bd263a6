/** Whether "back" stays inside the app: a page opened from outside leads to Home instead. */
let steps = 0;

/** The shell tells every change of route. */
export function noteStep(): void {
  steps += 1;
}

export function canGoBack(): boolean {
  return steps > 0;
}
