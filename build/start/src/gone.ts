/**
 * WebKit tells that objects are gone in the middle of a synchronous request, such as one for a file of the drive. Python,
 * which stands still in it, must not be touched then (`NoGilError`, and the object was never freed): it is told afterwards.
 */
export function tellLaterWhatIsGone(): void {
  let told: (() => void)[] = [];
  const tell = () => {
    const now = told;
    told = [];
    for (const each of now) each();
  };
  const Registry = globalThis.FinalizationRegistry;
  globalThis.FinalizationRegistry = class<T> extends Registry<T> {
    constructor(isGone: (held: T) => void) {
      super((held) => {
        if (told.push(() => isGone(held)) === 1) setTimeout(tell);
      });
    }
  };
}
