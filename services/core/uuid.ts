/** A UUID in its text form (RFC 9562 4), in letters of either case. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
