/** What package-lock.json (lockfileVersion 3) says of a package. */
interface Locked {
  readonly name?: string;
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  /** Needed for building, or by what is optional. */
  readonly devOptional?: boolean;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package that the server runs with. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Package URL (purl-spec, npm). */
  readonly purl: string;
  readonly licence: string | null;
  /** Subresource integrity, `sha512-…`. */
  readonly integrity: string | null;
  readonly isOptional: boolean;
  /** Package URLs of what it needs, sorted. */
  readonly needs: readonly string[];
}

export interface InstalledSoftware {
  readonly name: string;
  readonly version: string;
  readonly licence: string | null;
  readonly needs: readonly string[];
  /** In the order of their package URLs; one of each, wherever it is installed more than once. */
  readonly packages: readonly InstalledPackage[];
}

const FOLDER = 'node_modules/';

/** What is installed for running, of what package-lock.json has. */
export function installedSoftware(lockText: string): InstalledSoftware {
  const { packages } = JSON.parse(lockText) as { readonly packages: Readonly<Record<string, Locked>> };
  const running = Object.entries(packages).filter(
    ([path, one]) => path !== '' && one.dev !== true && one.link !== true && one.version !== undefined,
  );
  const purls = new Map(running.map(([path, one]) => [path, purlOf(nameOf(path, one), one.version!)]));
  const needsOf = (path: string, { dependencies, optionalDependencies, peerDependencies }: Locked): string[] => {
    const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    return sortedOnce(names.flatMap((name) => purls.get(resolved(path, name, purls) ?? '') ?? []));
  };
  const byPurl = new Map<string, InstalledPackage>();
  for (const [path, one] of running) {
    const purl = purls.get(path)!;
    const known = byPurl.get(purl);
    byPurl.set(purl, {
      name: nameOf(path, one),
      version: one.version!,
      purl,
      licence: one.license ?? null,
      integrity: one.integrity ?? null,
      isOptional: (one.optional ?? one.devOptional ?? false) && (known?.isOptional ?? true),
      needs: sortedOnce([...(known?.needs ?? []), ...needsOf(path, one)]),
    });
  }
  const root = packages[''] ?? {};
  return {
    name: root.name ?? 'wetread',
    version: root.version ?? '',
    licence: root.license ?? null,
    needs: needsOf('', root),
    packages: [...byPurl.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1)),
  };
}

/** Of an alias the lock file says the true name. */
const nameOf = (path: string, { name }: Locked): string => name ?? path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);

/** `pkg:npm/%40scope/name@1.0.0`. */
const purlOf = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`;

/** As Node finds a package: in the folder of who asks, then in each around it. */
function resolved(from: string, name: string, known: ReadonlyMap<string, unknown>): string | undefined {
  for (let folder = from; ;) {
    const path = folder === '' ? FOLDER + name : `${folder}/${FOLDER}${name}`;
    if (known.has(path)) return path;
    if (folder === '') return undefined;
    const end = folder.lastIndexOf(`/${FOLDER}`);
    folder = end < 0 ? '' : folder.slice(0, end);
  }
}

const sortedOnce = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
