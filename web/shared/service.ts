/** Where the service is. */

/** The page is <service>/<page>, with or without a stage and a final slash: calls go here. */
export const base = new URL(location.href.split(/[?#]/)[0]?.replace(/\/*(?:console|operators|docs)\/*$/, '/') ?? '/')
  .href;

const named = document.querySelector<HTMLMetaElement>('meta[name="live-room-service"]')?.content;

/** What to show and to copy: the service itself, where these pages are passed through from another machine. */
export const address = named || base;

/** An address of a call as somebody else can use it. */
export function publicUrl(url: string): string {
  return url.startsWith(base) ? address + url.slice(base.length) : url;
}
