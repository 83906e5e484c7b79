/** Makes elements. Texts become text nodes and never markup, so that nothing a user typed can become part of the page. */

type Child = Node | string | undefined;

interface Props {
  class?: string;
  /** Attributes; false and undefined leave one out. */
  attributes?: Readonly<Record<string, string | boolean | undefined>>;
  on?: Readonly<Record<string, (event: Event) => void>>;
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (props.class) element.className = props.class;
  for (const [name, value] of Object.entries(props.attributes ?? {})) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  for (const [type, listener] of Object.entries(props.on ?? {})) element.addEventListener(type, listener);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

export function button(label: string, onClick: () => void, more: { class?: string; test?: string } = {}) {
  return h(
    'button',
    {
      ...(more.class && { class: more.class }),
      attributes: { type: 'button', 'data-test': more.test },
      on: { click: onClick },
    },
    label,
  );
}

/** The element of the page with this id. Throws where there is none: the page and the script belong together. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element #${id}`);
  return element;
}

/** Copies a text; by hand where the browser allows the clipboard to secure pages only. */
export async function copy(text: string): Promise<void> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text).catch(() => copyByHand(text));
    return;
  }
  copyByHand(text);
}

function copyByHand(text: string): void {
  const area = h('textarea', { class: 'offscreen', attributes: { readonly: true } });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
