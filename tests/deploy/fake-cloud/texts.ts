/** Messages as an account with Chinese settings gets them: the code is the same, the text is another one. */
const chinese: readonly [RegExp, string][] = [
  [
    /^FailedOperation\.(Update|Publish|FunctionStatus|CreateTrigger)/,
    '当前函数处于Updating状态，无法进行此操作，请稍后重试。',
  ],
  [/^FailedOperation\.Domain/, '该域名未找到。'],
  [/^FailedOperation\.CNAME/, '域名必须先添加CNAME记录。'],
  [/^ResourceNotFound/, '资源不存在。'],
  [/^RequestLimitExceeded/, '请求的次数超过了频率限制。'],
  [/^InternalError/, '内部错误。'],
  [/^ResourceInUse/, '资源被占用。'],
];

export function localizedText(code: string): string {
  return chinese.find(([pattern]) => pattern.test(code))?.[1] ?? '操作失败。';
}
