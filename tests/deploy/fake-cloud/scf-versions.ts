/** Versions and aliases of the fake cloud's functions. */
import type {
  GetAliasRequest,
  PublishVersionRequest,
  UpdateAliasRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { Refusal } from './refusal';
import { dateText, type FakeFunction, revisionOf } from './scf-function';
import { checkFunction } from './scf-rules';
import { type Handlers, Status, takes, type World } from './world';

export interface VersionHost {
  /** Throws Refusal if the function does not exist. */
  find(name: string | undefined): FakeFunction;
  /** The same, and throws while something changes. */
  still(name: string | undefined): FakeFunction;
  /** The state that the next publication ends in, and its reason. */
  publicationEnds(): { state: string; reason: string };
  readonly world: World;
}

export function versionHandlers({ find, still, publicationEnds, world }: VersionHost): Handlers {
  const aliasOf = (target: FakeFunction, name: string) => {
    const alias = target.aliases.get(name);
    if (!alias) throw new Refusal('ResourceNotFound.Alias', `no alias ${name}`);
    return alias;
  };
  return {
    PublishVersion: ({ FunctionName, Description = '' }: PublishVersionRequest) => {
      const target = still(FunctionName);
      checkFunction({ Description });
      const number = String(Math.max(0, ...[...target.versions.keys()].map(Number)) + 1);
      const { state, reason } = publicationEnds();
      target.versions.set(number, {
        ...target.latest,
        qualifier: number,
        description: Description,
        status: new Status(world, 'Publishing', state, takes.publishing),
        reason,
        addedAt: dateText(),
        visibleAt: world.now() + world.span(world.visibleTakes),
      });
      target.latest = { ...target.latest, status: new Status(world, 'Publishing', 'Active', takes.publishing) };
      return { FunctionVersion: number, Description };
    },
    ListVersionByFunction: ({ FunctionName }: { FunctionName: string }) => {
      const { latest, versions } = find(FunctionName);
      const shown = [latest, ...[...versions.values()].filter(({ visibleAt }) => world.now() >= visibleAt)];
      const Versions = shown.map(({ qualifier, description, addedAt, status }) => ({
        Version: qualifier,
        Description: description,
        AddTime: addedAt,
        ModTime: addedAt,
        Status: status.value,
      }));
      return { FunctionVersion: Versions.map(({ Version }) => Version), Versions, TotalCount: Versions.length };
    },
    GetAlias: ({ FunctionName, Name }: GetAliasRequest) => {
      const alias = aliasOf(find(FunctionName), Name);
      const RoutingConfig = { AdditionalVersionWeights: alias.weights.map((Version) => ({ Version, Weight: 0.5 })) };
      return { Name, FunctionVersion: alias.version, RoutingConfig };
    },
    UpdateAlias: ({ FunctionName, Name, FunctionVersion, RoutingConfig }: UpdateAliasRequest) => {
      const target = find(FunctionName);
      const alias = aliasOf(target, Name);
      const revision = revisionOf(target, FunctionVersion);
      if (world.now() < revision.visibleAt) throw new Refusal('ResourceNotFound.FunctionVersion', 'no such version');
      if (revision.status.value !== 'Active') throw new Refusal('FailedOperation.UpdateAlias', 'it is being published');
      const movedAt = world.now() + world.span(world.aliasTakes);
      const weights = RoutingConfig?.AdditionalVersionWeights?.map(({ Version }) => Version) ?? alias.weights;
      target.aliases.set(Name, { version: FunctionVersion, weights, before: alias.version, movedAt });
      return {};
    },
  };
}
