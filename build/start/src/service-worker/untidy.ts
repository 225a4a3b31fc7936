/**
 * What to answer where the server does not give a file as a page's build has it: the host changed it, the site was deployed
 * anew, a server on the way still has the one of yesterday, or nothing comes at all. A page never gets files of two builds.
 */
import type { Build, NotOfBuild } from "./build.ts";

/** Who knows the builds that this browser has seen. */
interface Seen {
  isOfAnother(build: Build, path: string, sha256: string, now: Build | null): Promise<boolean>;
}

/** Why a page cannot have a file of its build. */
export type Trouble = "changed" | "stale" | "absent";

const SAID: Record<Trouble, string> = {
  changed: "This site was updated while the page was open. Reload the page.",
  stale: "A server on the way still has a file of the site's last state. Reload the page in some minutes.",
  absent: "The site does not answer. Check your connection, then reload the page.",
};

/** What the server says is its build now; null where it says nothing. */
export async function buildNow(base: string): Promise<Build | null> {
  try {
    const response = await fetch(`${base}static/build.json`, { cache: "reload" });
    return response.ok ? ((await response.json()) as Build) : null;
  } catch {
    return null;
  }
}

/**
 * The answer to a page's request for a part of it.
 *
 * @param tell tells the page why it is not whole.
 */
export async function answerUntidy(
  builds: Seen,
  base: string,
  build: Build,
  { path, found }: NotOfBuild,
  tell: (trouble: Trouble) => void,
): Promise<Response> {
  const now = await buildNow(base);
  const isOther = found !== null && (await builds.isOfAnother(build, path, found.sha256, now));
  // A file that is of no build was changed by the host or a proxy: that is what every page of this build gets. It is not kept.
  if (found && !isOther && (now === null || now.id === build.id)) return found.response;
  const trouble: Trouble = now && now.id !== build.id ? "changed" : found ? "stale" : "absent";
  tell(trouble);
  return new Response(SAID[trouble], { status: 503, headers: { "Content-Type": "text/plain" } });
}
