/** Where covers may come from on these pages: the tenant's own bucket, and the service itself with sample data. Any other picture is a link. */
import { computed } from '@preact/signals';
import { base } from '../shared/service';
import { me } from './api';

const SAMPLE = new URL(`${base}sample/`, location.origin).href;

/** Beginnings of the addresses. The policy of the page allows those of the service in demo mode only. */
export const covers = computed(() => [SAMPLE, me.value?.covers ?? ''].filter((one) => one !== ''));
