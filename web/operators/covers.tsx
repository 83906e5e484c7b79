/** Where covers may come from on these pages: the tenant's own bucket, and the service itself with sample data. Any other picture is a link. */
import { computed } from '@preact/signals';
import { pictureUrl } from '../shared/cover';
import { OutIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { base } from '../shared/service';
import { me } from './api';

const t = translator({ open: ['Open the picture', '打开图片'] });

const SAMPLE = new URL(`${base}sample/`, location.origin).href;

/** Beginnings of the addresses. The policy of the page allows those of the service in demo mode only. */
export const covers = computed(() => [SAMPLE, me.value?.covers ?? ''].filter((one) => one !== ''));

/** The address of a picture that the page does not load; undefined: there is none, or the page shows it. */
export function elsewhere(text: string): string | undefined {
  const url = pictureUrl(text);
  return url && covers.value.some((one) => url.startsWith(one)) ? undefined : url;
}

export function PictureLink({ url: text }: { url: string }) {
  const url = elsewhere(text);
  if (!url) return null;
  return (
    <a href={url} target="_blank" rel="noreferrer noopener" data-test="picture-link">
      {t('open')} <OutIcon />
    </a>
  );
}
