/** Name of the setting that says what waits, and what the names of the others begin with that hold it. */
export const ARRIVALS_KEY = "arriving";
/** Name of the setting that knows which drafts were given already. */
export const GIVEN_KEY = "arrived";
