// A browser has no wx.login: the demo person chosen on the sign-in page stands for it, in memory only.
let chosen: string | undefined

export function choose(code: string | undefined) {
  chosen = code
}

/** Return a code for POST /sessions; undefined when somebody must first choose who they are. */
export function signInCode(): Promise<string | undefined> {
  // #ifdef MP-WEIXIN
  return new Promise(resolve =>
    uni.login({ provider: 'weixin', success: ({ code }) => resolve(code), fail: () => resolve(undefined) }),
  )
  // #endif
  // #ifndef MP-WEIXIN
  return Promise.resolve(chosen)
  // #endif
}
