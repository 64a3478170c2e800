/** Which calls follow another, and what of its answer they take. */

/** Of a code that was asked for. */
export const linksOfCode = {
  verifyOtp: {
    operationId: 'verifyOtp',
    requestBody: { email: '$request.body#/email', otpId: '$response.body#/otpId', otp: '123456' },
    description: 'With the digits that the person typed.',
  },
  getStatus: {
    operationId: 'getStatus',
    parameters: { email: '$request.body#/email' },
    description: 'Whether the address is verified, and where its mail is.',
  },
  getTimeline: {
    operationId: 'getTimeline',
    parameters: { otpId: '$response.body#/otpId' },
    description: 'For admins: what happened to the code.',
  },
};

/** Of a login. */
export const linksOfTokens = {
  refresh: {
    operationId: 'refresh',
    requestBody: { refreshToken: '$response.body#/refreshToken' },
    description: 'The next tokens, before these expire.',
  },
  logout: {
    operationId: 'logout',
    requestBody: { refreshToken: '$response.body#/refreshToken' },
    description: 'Ends the session.',
  },
};
