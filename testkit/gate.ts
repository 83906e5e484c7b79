/** For tests of narrow places: holds a call back just there until the test has done what it wants to do meanwhile. */

/** `pass()` waits until `open()`; `reached` is when somebody waits, `opened` when nobody has to any more. */
export function gate() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let arrived: () => void = () => {};
  const reached = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const pass = () => {
    arrived();
    return opened;
  };
  return { open: () => open(), opened, reached, pass };
}

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
