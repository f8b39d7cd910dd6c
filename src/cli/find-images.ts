import type { FindImages } from "../generator/index.ts";

/** Finds images as mirrors do; the code for it is loaded only where somebody asks. */
export const findImages: FindImages = async (files) => {
  const { discoverImages, NO_RULES } = await import("../airgap/index.ts");
  const build = { index: [], indexBytes: new Uint8Array(), info: undefined, files };
  const { occurrences } = await discoverImages(build, NO_RULES);
  return occurrences.flatMap(({ file, pointer, range, text, image }) =>
    image === undefined ? [] : [{ file, pointer, range, text, image }],
  );
};
