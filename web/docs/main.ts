/** The contents are open where there is room for them, and get out of the way on a phone. */
const contents = document.querySelector<HTMLDetailsElement>('.contents');
const wide = matchMedia('(min-width: 1080px)');
if (contents && wide.matches) contents.open = true;
contents?.addEventListener('click', (event) => {
  if (event.target instanceof Element && event.target.closest('a') && !wide.matches) contents.open = false;
});

export {};
