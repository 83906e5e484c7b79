/** Copies a text; with a selection if the browser allows the clipboard to secure pages only. */
export async function copyText(text: string): Promise<void> {
  const copied = navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  if (!(await copied)) copyByHand(text);
}

function copyByHand(text: string): void {
  const before = document.activeElement;
  const area = document.createElement('textarea');
  area.className = 'offscreen';
  area.readOnly = true;
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
}
