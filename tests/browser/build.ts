/** Runs once before all browser tests: they test what `npm start` serves, so it has to be built from these sources. */
import { ensureBuild } from "../../scripts/ensure-build.mjs";

export default ensureBuild;
