/** The vendor's lists of error codes, per action and for all actions. */
import lists from './error-codes.json';

const perAction: Readonly<Record<string, readonly string[]>> = lists.actions;
const common = new Set(lists.common);

/** Actions with a list, as in `scf:CreateFunction`. */
export const listedActions: readonly string[] = Object.keys(perAction);

/** Whether the vendor lists this code for this action or for all actions. */
export function isListedFor(action: string, code: string): boolean {
  return common.has(code) || (perAction[action]?.includes(code) ?? false);
}

/** The codes that the vendor lists for this action only. */
export const listOf = (action: string): readonly string[] => perAction[action] ?? [];

/** Every listed code, also those that other actions of the same products list. */
export const everyListedCode: ReadonlySet<string> = new Set([
  ...common,
  ...Object.values(perAction).flat(),
  ...Object.keys(lists.elsewhere),
]);
