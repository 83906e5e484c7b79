/** Address of the service. */

/** The page is <service>/<page>, with or without a stage and a final slash: calls go here. */
export const base = new URL(location.href.split(/[?#]/)[0]?.replace(/\/*(?:console|operators|docs)\/*$/, '/') ?? '/')
  .href;

const named = document.querySelector<HTMLMetaElement>('meta[name="live-room-service"]')?.content;

/** The address to show and to copy: that of the service itself, if another machine serves these pages. */
export const address = named || base;

/** An address of a call that other people can use. */
export function publicUrl(url: string): string {
  return url.startsWith(base) ? address + url.slice(base.length) : url;
}
