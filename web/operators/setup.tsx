/** Rarely opened screens and panels: a separate script, loaded when one of them is opened. */
export { Audit } from './audit';
export { Broadcasts } from './broadcasts';
export * as common from './common';
export { Deliveries } from './deliveries';
export { DeliveryPanel } from './delivery';
export { Operators } from './operators';
export { Settings } from './settings';
export { StatisticsScreen } from './statistics';
export { Webhooks } from './webhooks';
