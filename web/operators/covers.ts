/** Where covers may come from on these pages: the tenant's own bucket. Any other picture is a link. */
import { computed } from '@preact/signals';
import { me } from './api';

/** Beginning of the addresses; '' = there is no bucket. */
export const covers = computed(() => me.value?.covers ?? '');
