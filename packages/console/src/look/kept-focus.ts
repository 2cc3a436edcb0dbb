// Focus that would be lost with the element that has it: a button that removes itself, a view that is
// left, a row that falls out of the list. Without this it falls back to the top of the page, and whoever
// uses the keyboard starts again from there.

/** The control to go to, inside an ancestor that says it is one: `data-home`. */
const control = "input, select, textarea, button:not(:disabled), summary, a[href], [tabindex]";

/** Watches the page; the rest goes to `main`. Returns what ends it. */
export function keepFocus(main: () => HTMLElement | null): () => void {
  let last: Element | undefined;
  let homes: readonly Element[] = [];

  const came = ({ target }: Event): void => {
    if (!(target instanceof Element)) return;
    last = target;
    const found: Element[] = [];
    for (
      let home = target.closest("[data-home]");
      home !== null;
      home = home.parentElement?.closest("[data-home]") ?? null
    )
      found.push(home);
    homes = found;
  };
  // A person who clicks beside it has left it; one whose button went away has not.
  const went = ({ target }: Event): void => {
    requestAnimationFrame(() => {
      if (target === last && document.activeElement === document.body && isThere(last))
        last = undefined;
    });
  };
  const look = (): void => {
    if (last === undefined || isThere(last) || document.activeElement !== document.body) return;
    last = undefined;
    const home = homes.find((one) => one.isConnected);
    (home?.querySelector<HTMLElement>(control) ?? main())?.focus();
  };
  const observer = new MutationObserver(() => requestAnimationFrame(look));
  observer.observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["disabled"],
  });
  addEventListener("focusin", came);
  addEventListener("focusout", went);
  return () => {
    observer.disconnect();
    removeEventListener("focusin", came);
    removeEventListener("focusout", went);
  };
}

function isThere(element: Element | undefined): boolean {
  return element !== undefined && element.isConnected && !element.matches(":disabled");
}
