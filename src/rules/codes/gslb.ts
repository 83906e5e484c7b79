/** gslb: the service address and the captcha applications. Never an error: some apps read `data` unchecked. */
import type { InputOf } from '../../contract';
import type { Context } from '../context';

export async function gslb(_input: InputOf<'gslb'>, ctx: Context) {
  const { captchaAppId, captchaMiniAppId } = ctx.services.config.codes;
  return {
    service: ctx.reachedAt(),
    captcha_web_appid: captchaAppId ?? 0,
    captcha_wxmini_appid: captchaMiniAppId ?? 0,
  };
}
