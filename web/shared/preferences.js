/* Language and colours, chosen before anything is painted; remembered where the browser allows it. */
(() => {
  const root = document.documentElement;
  const read = (key) => {
    try {
      return localStorage.getItem(`live-room.${key}`);
    } catch {
      return null;
    }
  };
  const write = (key, value) => {
    try {
      localStorage.setItem(`live-room.${key}`, value);
    } catch {}
  };
  root.lang = read('lang') ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en');
  const theme = read('theme');
  if (theme) root.dataset.theme = theme;
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-set]');
    if (!button) return;
    if (button.dataset.set === 'lang') {
      root.lang = root.lang === 'zh' ? 'en' : 'zh';
      write('lang', root.lang);
    } else if (button.dataset.set === 'theme') {
      const dark = root.dataset.theme
        ? root.dataset.theme === 'dark'
        : matchMedia('(prefers-color-scheme: dark)').matches;
      root.dataset.theme = dark ? 'light' : 'dark';
      write('theme', root.dataset.theme);
    }
    document.dispatchEvent(new Event('live-room:preferences'));
  });
})();
