/** The offers of the fake cloud: zones of several engines, sizes, and stock that runs out. */
import type { Handlers, World } from './world';

export interface Sales {
  readonly handlers: Handlers;
  /** Zones that have nothing in stock. */
  readonly soldOut: Set<string>;
  /** Zones that sell serverless clusters at all. */
  readonly sells: ReadonlySet<string>;
}

export function createSales({ region }: World): Sales {
  const sells = new Set([`${region}-6`, `${region}-7`]);
  const soldOut = new Set<string>();
  const handlers: Handlers = {
    DescribeZones: () => {
      const entry = { Region: region, RegionId: 1, RegionZh: '广州', Modules: [] };
      const zone = (number: number, serverless: boolean) => ({
        Zone: `${region}-${number}`,
        ZoneId: 100_000 + number,
        IsSupportServerless: serverless ? 1 : 0,
        IsSupportNormal: 1,
        HasPermission: true,
      });
      // The list has an entry for each engine.
      return {
        RegionSet: [
          { ...entry, DbType: 'POSTGRESQL', ZoneSet: [zone(2, true)] },
          { ...entry, DbType: 'MYSQL', ZoneSet: [zone(3, false), zone(6, true), zone(7, true)] },
        ],
      };
    },
    DescribeServerlessInstanceSpecs: ({ Zone = '' }: { Zone?: string }) => {
      const stock = soldOut.has(Zone) ? { HasStock: false, StockCount: 0 } : { HasStock: true, StockCount: 20 };
      const sizes = [
        { MinCpu: 0.25, MaxCpu: 0.5, MaxStorageSize: 500, IsDefault: 1 },
        { MinCpu: 0.25, MaxCpu: 1, MaxStorageSize: 1000, IsDefault: 0 },
        { MinCpu: 0.5, MaxCpu: 2, MaxStorageSize: 1000, IsDefault: 0 },
      ];
      // The request names no engine: zones of another engine have sizes too.
      return { Specs: sells.has(Zone) || Zone === `${region}-2` ? sizes.map((size) => ({ ...size, ...stock })) : [] };
    },
  };
  return { handlers, soldOut, sells };
}
