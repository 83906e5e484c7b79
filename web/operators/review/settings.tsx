/** Review settings: on or off, the vendor, the retention of chats; and the time of IM's last callback. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { translator } from '../../shared/language';
import { Check, Field, type Message, Notice, Select, Skeleton } from '../../shared/parts';
import { call, may, toMessage } from '../api';
import { outcome } from '../dialog';
import { useDetail, useEvery } from '../list';
import { every } from '../rhythm';
import { Part, Screen } from '../screen';
import { Refresh } from '../table';
import type { ReviewSettings } from '../types';
import { CallbackAdvice, CallbackPill, CallbackSentence } from './callback-state';

const t = translator({
  title: ['Review', '审核设置'],
  arrives: ['Does IM ask the service?', 'IM 回调状态'],
  form: ['What happens to texts', '审核规则'],
  enabled: ['Review messages and record chats', '审核消息并记录聊天'],
  onFault: ['If a message cannot be judged', '无法审核时'],
  pass: ['let it pass', '放行'],
  refuse: ['refuse it', '拒绝'],
  vendor: ['Vendor', '第三方审核'],
  none: ['none', '不使用'],
  tms: ['Tencent Cloud TMS', '腾讯云 TMS'],
  vendorScope: ['Vendor judges', '第三方审核范围'],
  suspects: ['contacts, links and hits', '含联系方式、链接或命中词的内容'],
  all: ['every text', '全部内容'],
  vendorReview: ['If the vendor doubts a text or a picture', '第三方审核存疑时'],
  vendorPictures: ['Review covers and avatars by Tencent Cloud IMS', '使用腾讯云 IMS 审核封面和头像'],
  silent: ['only the sender sees it', '仅发送者可见'],
  hold: ['hold it for a verdict', '待审核'],
  chatLogDays: ['Days to keep chats', '聊天记录保留天数'],
  chatLogDaysHint: [
    '0 to 180; 0 keeps none. Chinese rules for live rooms ask for 60.',
    '0 到 180；0 表示不保留。国内直播要求保留 60 天。',
  ],
  language: ['Language of refusals', '提示语言'],
  languageHint: ['What senders read whose message is not sent.', '消息未发出时，发送者看到的提示。'],
  customKeys: ['Names of texts in custom messages', '自定义消息中的文本字段'],
  customKeysHint: [
    'Separated by commas. For apps that chat by custom messages; otherwise leave it empty.',
    '用逗号分隔。仅用于以自定义消息聊天的客户端，否则留空。',
  ],
  save: ['Save', '保存'],
  saved: ['The review settings are saved.', '审核设置已保存。'],
  readOnly: ['Changing this needs full access.', '修改需要“全部”权限。'],
  loading: ['Loading …', '加载中…'],
});

/** The fields of the form, as they are typed. */
function useForm(settings: ReviewSettings) {
  const form = {
    enabled: useSignal(settings.enabled),
    onFault: useSignal(settings.onFault),
    vendor: useSignal(settings.vendor),
    vendorScope: useSignal(settings.vendorScope),
    vendorReview: useSignal(settings.vendorReview),
    chatLogDays: useSignal(String(settings.chatLogDays)),
    language: useSignal(settings.language),
    vendorPictures: useSignal(settings.vendorPictures),
    customKeys: useSignal(settings.customKeys.join(', ')),
  };
  return form;
}
type Form = ReturnType<typeof useForm>;

const keysIn = (text: string) =>
  text
    .split(/[,，\n]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** Changed fields only: another operator may have changed the rest. */
function changes(form: Form, settings: ReviewSettings): Record<string, unknown> {
  const next = {
    enabled: form.enabled.value,
    onFault: form.onFault.value,
    vendor: form.vendor.value,
    vendorScope: form.vendorScope.value,
    vendorReview: form.vendorReview.value,
    chatLogDays: Number(form.chatLogDays.value),
    language: form.language.value,
    vendorPictures: form.vendorPictures.value,
    customKeys: keysIn(form.customKeys.value),
  };
  const differs = ([name, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(Object(settings)[name]);
  return Object.fromEntries(Object.entries(next).filter(differs));
}

function Choice({ name, value }: { name: 'enabled' | 'vendorPictures'; value: Signal<boolean> }) {
  const change = (checked: boolean) => {
    value.value = checked;
  };
  return <Check name={name} label={t(name)} checked={value.value} change={change} />;
}

function VendorFields({ form }: { form: Form }) {
  return (
    <>
      <Select
        label={t('vendor')}
        name="vendor"
        value={form.vendor}
        options={[
          ['none', t('none')],
          ['tms', t('tms')],
        ]}
      />
      {form.vendor.value !== 'none' && (
        <Select
          label={t('vendorScope')}
          name="vendorScope"
          value={form.vendorScope}
          options={[
            ['suspects', t('suspects')],
            ['all', t('all')],
          ]}
        />
      )}
      <Choice name="vendorPictures" value={form.vendorPictures} />
      {(form.vendor.value !== 'none' || form.vendorPictures.value) && (
        <Select
          label={t('vendorReview')}
          name="vendorReview"
          value={form.vendorReview}
          options={(['hold', 'refuse', 'silent', 'pass'] as const).map((one) => [one, t(one)] as const)}
        />
      )}
    </>
  );
}

function Fields({ form }: { form: Form }) {
  return (
    <>
      <Choice name="enabled" value={form.enabled} />
      <Select
        label={t('onFault')}
        name="onFault"
        value={form.onFault}
        options={[
          ['pass', t('pass')],
          ['refuse', t('refuse')],
        ]}
      />
      <VendorFields form={form} />
      <Field
        label={t('chatLogDays')}
        name="chatLogDays"
        type="number"
        value={form.chatLogDays}
        hint={t('chatLogDaysHint')}
        required
      />
      <Select
        label={t('language')}
        name="language"
        value={form.language}
        options={[
          ['zh', '中文'],
          ['en', 'English'],
        ]}
      />
      <Field label={t('customKeys')} name="customKeys" value={form.customKeys} hint={t('customKeysHint')} />
    </>
  );
}

function SettingsForm({ settings, refresh }: { settings: ReviewSettings; refresh: () => void }) {
  const form = useForm(settings);
  const message = useSignal<Message | undefined>(undefined);
  const acting = may('manage');
  // A change by another operator shows, unless something was typed here.
  const before = useSignal(settings);
  useEffect(() => {
    if (Object.keys(changes(form, before.peek())).length === 0) {
      form.enabled.value = settings.enabled;
      form.onFault.value = settings.onFault;
      form.vendor.value = settings.vendor;
      form.vendorScope.value = settings.vendorScope;
      form.vendorReview.value = settings.vendorReview;
      form.vendorPictures.value = settings.vendorPictures;
      form.chatLogDays.value = String(settings.chatLogDays);
      form.language.value = settings.language;
      form.customKeys.value = settings.customKeys.join(', ');
      before.value = settings;
    }
  }, [settings]);
  const save = async () => {
    try {
      const after = await call<ReviewSettings>('change_review_settings', changes(form, before.peek()));
      before.value = after;
      message.value = undefined;
      outcome.value = { good: true, text: () => t('saved') };
      refresh();
    } catch (error) {
      message.value = toMessage(error);
    }
  };
  return (
    <form
      class="form narrow-form"
      data-test="review-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <fieldset class="plain-set" disabled={!acting}>
        <Fields form={form} />
      </fieldset>
      <Notice message={message.value} />
      {acting ? (
        <div class="actions">
          <button
            type="submit"
            class="primary"
            data-test="save"
            disabled={Object.keys(changes(form, before.value)).length === 0}
          >
            {t('save')}
          </button>
        </div>
      ) : (
        <p class="soft">{t('readOnly')}</p>
      )}
    </form>
  );
}

export function Review() {
  const { data, at, message, refresh } = useDetail<ReviewSettings>('review_settings', {});
  useEvery(Number(every.value), refresh);
  return (
    <Screen
      title={t('title')}
      state={data && <CallbackPill settings={data} />}
      tools={<Refresh at={at} refresh={refresh} bySelf />}
    >
      <Notice message={message} />
      {!data && !message && <Skeleton rows={6} word={t('loading')} />}
      {data && (
        <>
          <Part title={t('arrives')}>
            <p data-test="last-callback">
              <CallbackSentence settings={data} />
            </p>
            <CallbackAdvice settings={data} />
          </Part>
          <Part title={t('form')}>
            <SettingsForm settings={data} refresh={refresh} />
          </Part>
        </>
      )}
    </Screen>
  );
}
