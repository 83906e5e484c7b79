/** Tencent captcha (https://cloud.tencent.com/document/product/1110/36926): whether a ticket was earned by a person. */
import { type CloudAccess, CloudError, cloudCall, withinBudget } from './cloud-error';

export interface CaptchaApp {
  /** null = none is set. */
  appId: number | null;
  secret: string;
}

export interface CaptchaParts {
  access: CloudAccess;
  web: CaptchaApp;
  mini: CaptchaApp;
}

export interface CaptchaTicket {
  ticket: string;
  /** '' for mini programs, which have none. */
  randstr: string;
  mini: boolean;
  /** '' if unknown. */
  userIp: string;
}

/**
 * human: continue. again: the ticket is invalid. foreign: it belongs to another captcha application, or our key is wrong.
 * unpaid: the vendor does not work for us. down: the vendor did not answer.
 */
export type CaptchaVerdict = 'human' | 'again' | 'foreign' | 'unpaid' | 'down';

export interface CaptchaClient {
  /** Whether there are an id and a key. */
  ready(mini: boolean): boolean;
  /** `code` is the vendor's, for the log. */
  check(ticket: CaptchaTicket, budgetMs: number): Promise<{ verdict: CaptchaVerdict; code: string }>;
}

/** Slide and click captcha; the vendor has no other. */
const CAPTCHA_TYPE = 9;
/** The API insists on an address. */
const NO_ADDRESS = '127.0.0.1';

const VERDICTS = new Map<number, CaptchaVerdict>([
  [1, 'human'],
  // The ticket is of another captcha application, or our key is not its key.
  [16, 'foreign'],
  [100, 'foreign'],
  [26, 'down'],
  [31, 'unpaid'],
]);

/** An unknown code counts as an invalid ticket: an unexpected response never admits a client. */
function verdictOfCode(code: number | undefined): CaptchaVerdict {
  return VERDICTS.get(code ?? -1) ?? 'again';
}

function verdictOfError(code: string): CaptchaVerdict {
  if (/^(Unauthorized|AuthFailure|NoCredentials|Off)/.test(code)) return 'unpaid';
  // The ticket is at fault; a client must not make the captcha service look down.
  if (/^(InvalidParameter|MissingParameter|UnknownParameter)/.test(code)) return 'again';
  return 'down';
}

export function createCaptchaClient({ access, web, mini }: CaptchaParts): CaptchaClient {
  const appOf = (isMini: boolean) => (isMini ? mini : web);

  async function ask({ ticket, randstr, mini: isMini, userIp }: CaptchaTicket, budgetMs: number) {
    const { askCaptcha, askMiniCaptcha } = await import('./codes-client');
    const call = cloudCall(access, budgetMs);
    const { appId, secret } = appOf(isMini);
    const common = {
      CaptchaType: CAPTCHA_TYPE,
      Ticket: ticket,
      UserIp: userIp === '' ? NO_ADDRESS : userIp,
      CaptchaAppId: appId ?? 0,
      AppSecretKey: secret,
    };
    return isMini ? askMiniCaptcha(call, common) : askCaptcha(call, { ...common, Randstr: randstr });
  }

  return {
    ready: (isMini) => appOf(isMini).appId !== null && appOf(isMini).secret !== '',
    async check(ticket, budgetMs) {
      try {
        const code = await withinBudget(ask(ticket, budgetMs), budgetMs);
        return { verdict: verdictOfCode(code), code: String(code) };
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        return { verdict: verdictOfError(error.code), code: error.code };
      }
    },
  };
}
