/**
 * A keyboard that slides in makes the notebook smaller in place of covering its cell. Where `interactive-widget` is known the
 * browser does so itself; Safari only makes the visual viewport smaller, and there it is done here.
 */

/** Pixels from which what is missing is a keyboard, not the browser's own bars. */
const KEYBOARD = 100;

export function makeRoomForKeyboard(viewport: VisualViewport): void {
  let room = "";
  viewport.addEventListener("resize", () => {
    // As if nobody had zoomed in.
    const visible = Math.round(viewport.height * viewport.scale);
    const main = document.getElementById("main");
    const now = visible < document.documentElement.clientHeight - KEYBOARD ? `${visible}px` : "";
    if (!main || now === room) return;
    room = now;
    main.style.height = now;
    main.style.bottom = now && "auto";
    // JupyterLab lays its widgets out anew.
    dispatchEvent(new Event("resize"));
    if (now) requestAnimationFrame(showCaret);
  });
}

function showCaret(): void {
  // Safari has moved the page up to the caret, which is no longer where it was.
  scrollTo(0, 0);
  const at = getSelection()?.focusNode;
  (at instanceof Element ? at : at?.parentElement)?.scrollIntoView({ block: "nearest" });
}
