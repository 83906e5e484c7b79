/** The vendor's regions (https://cloud.tencent.com/document/product/213/6091), read 2026-11. Newer regions are added here. */
export const regions = [
  'ap-guangzhou',
  'ap-shanghai',
  'ap-nanjing',
  'ap-beijing',
  'ap-chengdu',
  'ap-chongqing',
  'ap-hongkong',
  'ap-taipei',
  'ap-singapore',
  'ap-jakarta',
  'ap-bangkok',
  'ap-mumbai',
  'ap-seoul',
  'ap-tokyo',
  'na-siliconvalley',
  'na-ashburn',
  'sa-saopaulo',
  'eu-frankfurt',
  'ap-shenzhen-fsi',
  'ap-shanghai-fsi',
] as const;

/**
 * Regions that the API of serverless clusters does not list (https://cloud.tencent.com/document/product/1003/70122, read
 * 2026-11): a service there brings its own database.
 */
const withoutClusters: readonly string[] = ['ap-taipei', 'ap-mumbai', 'ap-shanghai-fsi'];

export const sellsClusters = (region: string): boolean => !withoutClusters.includes(region);
