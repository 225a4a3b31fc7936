/** Notices that a page does not come up, and says why in one sentence: it never stays blank, nor asks for patience for ever. */

/** Milliseconds that a page may take to come up all the same after a part of it did not come, and after an error in it. */
const AFTER = { absent: 5000, error: 30_000 };
/** Milliseconds after which a page that is still not up has failed. */
const LONGEST = 120_000;

const ADVICE =
  "Reload the page. If that does not help, something on the way blocks or changes this site: an extension, a filter, a network.";

/** @param fail told once, while `isUp` says no. */
export function watchForTrouble(isUp: () => boolean, fail: (sentence: string) => void): void {
  let reason = "";
  const look = () => {
    if (!isUp()) fail(`This page could not be loaded: ${reason || "nothing more has come for two minutes."} ${ADVICE}`);
  };
  const failed = (why: string, patience: number) => {
    if (isUp()) return;
    reason ||= why;
    setTimeout(look, patience);
  };
  // Of a script or stylesheet only the element hears.
  const onError = (event: Event) => {
    const { target } = event;
    const url = target instanceof HTMLScriptElement ? target.src : target instanceof HTMLLinkElement ? target.href : "";
    if (url) failed(`${new URL(url).pathname} did not come.`, AFTER.absent);
    else if (event instanceof ErrorEvent) failed(event.message, AFTER.error);
  };
  addEventListener("error", onError, true);
  addEventListener("unhandledrejection", ({ reason: why }) => failed(String((why as Error | undefined)?.message ?? why), AFTER.error));
  setTimeout(look, LONGEST);
}
