/**
 * What each shipped client sends, as facts: method, form, parameters and the way it writes a phone number; and what it reads
 * of the answers. Pure data.
 */

export interface Sending {
  method: 'GET' | 'POST';
  as: 'query' | 'json' | 'form' | 'raw-query';
  params: (given: Given) => Readonly<Record<string, unknown>>;
}

export interface Given {
  phone: string;
  email: string;
  ticket: string;
  sessionId: string;
  code: string;
}

export interface Client {
  name: string;
  gslb: 'GET' | 'POST' | 'never';
  /** How it writes the number 13800000001. */
  phone: (bare: string) => string;
  /** Its captcha is of an application of the vendor that is built into it: it works where the check is off. */
  fixedCaptcha?: true;
  mini?: true;
  usesMail?: true;
  send: Sending;
  login: Sending;
  /** Fields of the sign-in that it cannot do without. */
  needs: readonly string[];
}

const withPlus = (bare: string) => `+86${bare}`;
const withoutPlus = (bare: string) => `86${bare}`;
const stale = { userId: '1', token: 'a.b.c', apaasUserId: '1' };
const TEXTS = ['userId', 'token', 'apaasUserId', 'name', 'avatar', 'phone'] as const;

/** The chat app of HarmonyOS, with a number in any form that its user has typed. */
const HARMONY_OS = {
  gslb: 'GET',
  send: {
    method: 'GET',
    as: 'raw-query',
    params: ({ phone, ticket }) => ({ appId: '190000001', ticket, randstr: '@abc', phone, apaasAppId: '' }),
  },
  login: {
    method: 'GET',
    as: 'raw-query',
    params: ({ phone, code, sessionId }) => ({ phone, code, sessionId, apaasAppId: '' }),
  },
  needs: [...TEXTS, 'userSig'],
} as const satisfies Omit<Client, 'name' | 'phone'>;

export const CLIENTS: readonly Client[] = [
  {
    name: 'RTCube on iOS',
    gslb: 'POST',
    phone: withPlus,
    send: {
      method: 'POST',
      as: 'json',
      params: ({ phone, ticket }) => ({ ...stale, appId: '190000001', ticket, randstr: '@abc', phone, apaasAppId: '' }),
    },
    login: {
      method: 'POST',
      as: 'json',
      params: ({ phone, code, sessionId }) => ({ ...stale, phone, code, sessionId, apaasAppId: '', appId: 0 }),
    },
    needs: [...TEXTS, 'userSig', 'sdkAppId'],
  },
  {
    name: 'RTCube on Android',
    gslb: 'GET',
    phone: withoutPlus,
    send: {
      method: 'GET',
      as: 'query',
      params: ({ phone, ticket }) => ({ appId: '190000001', ticket, randstr: '@abc', phone, apaasAppId: '' }),
    },
    login: {
      method: 'GET',
      as: 'query',
      params: ({ phone, code, sessionId }) => ({ phone, code, sessionId, apaasAppId: '' }),
    },
    needs: [...TEXTS, 'sdkUserSig'],
  },
  {
    name: 'LiteAV on Android',
    gslb: 'GET',
    phone: withoutPlus,
    send: {
      method: 'GET',
      as: 'query',
      params: ({ phone, ticket }) => ({ appId: '190000001', phone, ticket, randstr: '@abc' }),
    },
    login: { method: 'GET', as: 'query', params: ({ phone, code, sessionId }) => ({ phone, code, sessionId }) },
    needs: [...TEXTS, 'userSig'],
  },
  {
    name: 'LiteAV on iOS',
    gslb: 'GET',
    phone: withoutPlus,
    send: {
      method: 'POST',
      as: 'json',
      params: ({ phone, ticket }) => ({ phone, ticket, randstr: '@abc', appId: '190000001' }),
    },
    login: { method: 'POST', as: 'json', params: ({ phone, code, sessionId }) => ({ phone, code, sessionId }) },
    needs: [...TEXTS, 'userSig'],
  },
  {
    name: 'TUIRoom on the web, by SMS',
    gslb: 'never',
    phone: withoutPlus,
    fixedCaptcha: true,
    send: {
      method: 'GET',
      as: 'query',
      params: ({ phone, ticket }) => ({ appId: '2079625916', ticket, randstr: '@abc', phone, email: '' }),
    },
    login: {
      method: 'GET',
      as: 'query',
      params: ({ phone, code, sessionId }) => ({ sessionId, phone, email: '', code }),
    },
    needs: [...TEXTS, 'sdkUserSig'],
  },
  {
    name: 'TUIRoom on the web, by mail',
    gslb: 'never',
    phone: () => '',
    fixedCaptcha: true,
    usesMail: true,
    send: {
      method: 'GET',
      as: 'query',
      params: ({ email, ticket }) => ({ appId: '2079625916', ticket, randstr: '@abc', phone: '', email }),
    },
    login: {
      method: 'GET',
      as: 'query',
      params: ({ email, code, sessionId }) => ({ sessionId, phone: '', email, code }),
    },
    needs: [...TEXTS, 'sdkUserSig', 'email'],
  },
  {
    name: 'chat in Objective-C',
    gslb: 'GET',
    phone: withPlus,
    send: {
      method: 'GET',
      as: 'query',
      params: ({ phone, ticket }) => ({ appId: '190000001', ticket, randstr: '@abc', phone, apaasAppId: '' }),
    },
    login: {
      method: 'GET',
      as: 'query',
      params: ({ phone, code, sessionId }) => ({ phone, code, sessionId, apaasAppId: '' }),
    },
    needs: [...TEXTS, 'sdkUserSig', 'sdkAppId'],
  },
  {
    name: 'chat on Flutter',
    gslb: 'GET',
    phone: withPlus,
    fixedCaptcha: true,
    send: {
      method: 'POST',
      as: 'json',
      params: ({ phone, ticket }) => ({ phone, appId: '1400000001', ticket, randstr: '@abc', apaasAppId: '' }),
    },
    login: {
      method: 'POST',
      as: 'json',
      params: ({ phone, code, sessionId }) => ({ sessionId, phone, code, apaasAppId: '', tag: 'flutter_tuikit' }),
    },
    needs: [...TEXTS, 'sdkUserSig', 'sdkAppId'],
  },
  {
    name: 'chat on Unity',
    gslb: 'never',
    phone: withPlus,
    fixedCaptcha: true,
    send: {
      method: 'POST',
      as: 'json',
      params: ({ phone, ticket }) => ({ phone, appId: '', ticket, randstr: '@abc', apaasAppId: '' }),
    },
    login: {
      method: 'POST',
      as: 'json',
      params: ({ phone, code, sessionId }) => ({ sessionId, phone, code, apaasAppId: '', tag: 'im' }),
    },
    needs: [...TEXTS, 'sdkUserSig'],
  },
  {
    name: 'chat on Electron',
    gslb: 'GET',
    phone: withPlus,
    send: {
      method: 'POST',
      as: 'json',
      params: ({ phone, ticket }) => ({ appId: 190_000_001, ticket, randstr: '@abc', phone }),
    },
    login: {
      method: 'POST',
      as: 'json',
      params: ({ phone, code, sessionId }) => ({ sessionId, phone, code, apaasAppId: '', tag: 'im' }),
    },
    needs: [...TEXTS, 'sdkUserSig'],
  },
  {
    name: 'chat on HarmonyOS, which escapes nothing',
    ...HARMONY_OS,
    phone: (bare) => bare,
  },
  {
    name: 'chat on HarmonyOS, with a + that arrives as a blank',
    ...HARMONY_OS,
    phone: withPlus,
  },
  {
    name: 'chat in a WeChat mini program',
    gslb: 'GET',
    phone: withoutPlus,
    mini: true,
    send: {
      method: 'GET',
      as: 'query',
      params: ({ phone, ticket }) => ({ ticket, phone, type: 'wxmini', appId: '190000002' }),
    },
    login: {
      method: 'GET',
      as: 'query',
      params: ({ phone, code, sessionId }) => ({ phone, code, sessionId, apaasAppId: '' }),
    },
    needs: [...TEXTS, 'userSig'],
  },
];
