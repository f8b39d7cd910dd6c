import type { Content } from "../bytes.ts";
import type { Descriptor } from "./descriptor.ts";
import { openableContent } from "./openable-content.ts";
import type { ImageRun, Placed } from "./transfer-run.ts";

/**
 * Brings a blob to a repository. One that is on its way to another repository of the target, or came
 * there in this run, is taken over from there, so that its source is read once; nobody looks whether
 * this repository has it already, which it hardly does.
 */
export async function placeBlob(image: ImageRun, blob: Descriptor): Promise<Placed> {
  const { run, target, name } = image;
  const { digest } = blob;
  let looked = !run.arriving.has(digest) && !run.arrived.has(digest);
  if (looked && (await target.exists(blob))) {
    run.donors.set(digest, name);
    return "reused";
  }
  // Of those who waited in vain the first one sends it by itself, and the others wait for that.
  for (let one = run.arriving.get(digest); one !== undefined; one = run.arriving.get(digest)) {
    await one;
    // Where repositories share what they store, it may be here by now.
    looked &&= target.mount !== undefined;
  }
  const donor = run.donors.get(digest);
  if (donor === undefined) return sendFirst(image, blob);
  if (donor !== name && (await target.mount?.(blob, donor)) === true) return "mounted";
  if (!looked && (await target.exists(blob))) return "reused";
  await withContent(image, blob, (content) => target.push(blob, content));
  return "copied";
}

/** Sends a blob that no repository of the target is known to have. */
async function sendFirst(image: ImageRun, blob: Descriptor): Promise<Placed> {
  const { run, target, name } = image;
  const sending = withContent(image, blob, (content) => target.push(blob, content));
  const arrived = sending.then(
    () => {
      run.donors.set(blob.digest, name);
      run.arrived.add(blob.digest);
      run.arriving.delete(blob.digest);
    },
    // Told by whoever sends it.
    () => {
      run.arriving.delete(blob.digest);
    },
  );
  run.arriving.set(blob.digest, arrived);
  await sending;
  return "copied";
}

/** Stores a blob that the target wrongly says it has. */
export async function restoreBlob(image: ImageRun, blob: Descriptor): Promise<void> {
  const { target } = image;
  await withContent(image, blob, async (content) => {
    await (target.restore?.(blob, content) ?? target.push(blob, content));
  });
}

async function withContent(
  { run, source }: ImageRun,
  blob: Descriptor,
  store: (content: Content) => Promise<void>,
): Promise<void> {
  await run.lane.enter();
  try {
    run.checkSignal();
    const content = await openableContent(source, blob, {
      ...(run.signal === undefined ? {} : { signal: run.signal }),
      onPosition: (bytes) => run.reached(blob, bytes),
    });
    await store(content);
  } finally {
    run.lane.leave();
  }
}
