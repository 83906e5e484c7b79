/** Reserved names in the audit: the holder of ADMIN_KEY, and the service. */
export const FIRST_OPERATOR = 'admin';
export const SYSTEM = 'system';
