/** The key: typed in, kept in this tab, or in this browser on wish. */
import { useSignal } from '@preact/signals';
import { translator } from '../shared/language';
import { Check, Field, type Message, Notice } from '../shared/parts';
import { address, base } from '../shared/service';
import { refusedWith, signIn, signOut, toMessage } from './api';

const t = translator({
  title: ['Operators', '运营后台'],
  key: ['Operator key', '运营密钥'],
  keyHint: [
    'Starts with lrk_. Kept in this tab only; closing the tab signs you out.',
    '以 lrk_ 开头，只保存在当前标签页，关闭后清除。',
  ],
  keyHintStay: [
    'Starts with lrk_. Kept in this browser until you sign out: not on a shared computer.',
    '以 lrk_ 开头，保存在此浏览器，退出登录后清除。请勿在公用电脑上使用。',
  ],
  stay: ['Keep me signed in on this browser', '在此浏览器保持登录'],
  tenant: ['Tenant', '租户'],
  tenantHint: ['Leave empty for the default tenant.', '留空表示默认租户。'],
  come: ['Sign in', '登录'],
  off: [
    'Operator access is off. Set ADMIN_KEY and restart the service, or ask your administrator.',
    '运营后台未开启：请联系技术同事设置 ADMIN_KEY 并重启服务。',
  ],
  where: ['In demo mode the key is printed in the terminal.', '演示模式下，密钥会显示在终端里。'],
  docs: ['API docs', '接口文档'],
});

function refusal(): Message | undefined {
  const why = refusedWith.value;
  if (!why) return undefined;
  return why.status === 404 ? { good: false, text: () => t('off') } : toMessage(why);
}

export function SignIn() {
  const key = useSignal('');
  const tenant = useSignal('');
  const stay = useSignal(false);
  const busy = useSignal(false);
  const submit = async () => {
    busy.value = true;
    const wanted = { key: key.value.trim(), tenant: tenant.value.trim(), stay: stay.value };
    await signIn(wanted).catch(signOut);
    busy.value = false;
  };
  return (
    <main class="sign-in">
      <section class="panel" aria-busy={busy.value} aria-labelledby="screen-head">
        <h1 class="brand">
          <i aria-hidden="true" />
          live-room
        </h1>
        <h2 id="screen-head" tabIndex={-1}>
          {t('title')}
        </h2>
        <p class="soft clip">{address}</p>
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Field
            label={t('key')}
            name="key"
            type="password"
            value={key}
            hint={t(stay.value ? 'keyHintStay' : 'keyHint')}
            required
            autofocus
          />
          <Field label={t('tenant')} name="tenant" value={tenant} hint={t('tenantHint')} />
          <Check
            name="stay"
            label={t('stay')}
            checked={stay.value}
            change={(on) => {
              stay.value = on;
            }}
          />
          <Notice message={refusal()} />
          <div class="actions">
            <button type="submit" class="primary" data-test="sign-in">
              {t('come')}
            </button>
          </div>
        </form>
        <p class="soft">{t('where')}</p>
      </section>
      <div class="actions sign-in-foot">
        <button type="button" class="plain" data-set="lang">
          <span class="en" lang="zh">
            中文
          </span>
          <span class="zh" lang="en">
            English
          </span>
        </button>
        <button type="button" class="plain" data-set="theme" aria-label="Light or dark / 明暗">
          ◐
        </button>
        <a href={`${base}docs`}>{t('docs')}</a>
      </div>
    </main>
  );
}
