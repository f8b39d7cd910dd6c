/**
 * Bounds of devreg by name and unit; those of mirrors are in mirror-limits.ts. A loop, body, queue, page, redirect or retry that a
 * stranger can influence stops at one of these.
 */

const KIB = 1024;
const MIB = 1024 * KIB;

/** The largest YAML file read; a parser takes some five hundred times as much memory. */
export const YAML_BYTES = 512 * KIB;
/** The most that a YAML file comes to, in characters and values, when its aliases are written out. */
export const YAML_EXPANDED_CHARS = 4 * MIB;
/** The most errors, and the most warnings, told of one YAML file. */
export const FILE_FINDINGS = 100;
/** The longest value of a file that a message repeats. */
export const SHOWN_CHARS = 80;
/** The largest file of a version folder that is packaged. */
export const STACK_FILE_BYTES = 64 * MIB;
/** The most that all files of one version folder, or one file of a build, may hold. */
export const STACK_VERSION_BYTES = 256 * MIB;
/** How many stacks of a registry repository are read side by side. */
export const SOURCE_CONCURRENCY = 8;
/** The most files and folders, through links too, of one registry repository. */
export const REPOSITORY_FILES = 200_000;
/** The deepest folder nesting read below a stack version. */
export const FOLDER_DEPTH = 64;
/** The largest index.json or build.json read. */
export const INDEX_BYTES = 256 * MIB;
/** The largest layer of files of an index artifact read; it is held in memory. */
export const INDEX_FILES_BYTES = 512 * MIB;
/** The largest last_modified.json of a registry repository read. */
export const DATES_BYTES = 32 * MIB;
/** The largest icon stored. */
export const ICON_BYTES = 1 * MIB;
/** How long one icon may take. */
export const ICON_TIMEOUT_MS = 10_000;
/** How long an icon or a project that could not be fetched is not asked for again. */
export const FETCH_RETRY_MS = 5 * 60_000;
/** How many icons are fetched side by side. */
export const ICON_CONCURRENCY = 8;
/** The most aliases a YAML document may expand to. */
export const YAML_ALIASES = 100;
/** The most values a YAML document that is rewritten may stand for, what its aliases repeat included. */
export const YAML_VALUES = 200_000;
/** The deepest nesting of a YAML document that is rewritten. */
export const YAML_DEPTH = 500;
/** The longest chain of parents and plugins of a devfile. */
export const IMPORT_DEPTH = 16;
/** The most parents and plugins read for one devfile, those of its parents included. */
export const IMPORTS = 64;
/** The most documents that one devfile may point at by absolute addresses. */
export const DEVFILE_DOCUMENTS = 100;
/** How many documents are fetched side by side. */
export const DOCUMENT_CONCURRENCY = 8;
/** The most commits walked to date the folders of a repository. */
export const GIT_COMMITS = 200_000;
/** The largest commit or tree read from a git repository. */
export const GIT_OBJECT_BYTES = 64 * MIB;
/** The most that all pack indexes of a git repository may hold. */
export const GIT_INDEX_BYTES = 256 * MIB;
/** The most that is unpacked, deltas and what they make, to read one git object. */
export const GIT_UNPACKING_BYTES = 128 * MIB;
/** The longest chain of deltas, symbolic references or alternates followed in a git repository. */
export const GIT_CHAIN = 4096;
/** How much unpacked git content is kept as the base of further deltas. */
export const GIT_CACHE_BYTES = 32 * MIB;
/** The largest small file of a git repository read: HEAD, a reference, packed-refs, shallow. */
export const GIT_FILE_BYTES = 64 * MIB;
/** The longest that fetching one project or registry repository may take, submodules included. */
export const FETCH_TIMEOUT_MS = 15 * 60_000;
/** The most that a folder of kept packs and archives holds from one run to the next. */
export const FETCH_CACHE_BYTES = 4096 * MIB;
/** The largest record of one kept answer. */
export const FETCH_CACHE_RECORD_BYTES = 4 * KIB;
/** The most that all records of kept answers hold. */
export const FETCH_CACHE_RECORDS_BYTES = 16 * MIB;
/** How many registry repositories one command takes. */
export const REGISTRY_SOURCES = 32;
/** How many registry repositories are fetched side by side. */
export const SOURCE_FETCHES = 4;
/** The most that projects remembered between two readings of a repository hold together. */
export const PROJECT_CACHE_BYTES = 64 * MIB;
/** The most that the files of one project may hold. */
export const PROJECT_BYTES = 256 * MIB;
/** The largest file of a project; today's clients cut off what is over 100 MiB. */
export const PROJECT_FILE_BYTES = 64 * MIB;
/** How many repositories and archives of projects are fetched side by side. */
export const PROJECT_CONCURRENCY = 8;
/** The most files, and the most folders, of a project. */
export const PROJECT_FILES = 50_000;
/** The longest path in a project. */
export const PROJECT_PATH_BYTES = 1024;
/** The longest name in a project; what file systems take. */
export const PROJECT_NAME_BYTES = 255;
/** How many symbolic links one path may lead through, as on Linux. */
export const LINK_HOPS = 40;
/** The largest zip archive downloaded. */
export const ZIP_BYTES = 256 * MIB;
/** How many times its size an archive may unpack to, once it unpacks to over {@link ZIP_RATIO_FREE_BYTES}. */
export const ZIP_RATIO = 100;
/** Up to this size an archive may be compressed as well as it can be. */
export const ZIP_RATIO_FREE_BYTES = 16 * MIB;
/** The largest pack that a git server may send. */
export const GIT_PACK_BYTES = 1024 * MIB;
/** The most objects in a pack that a git server sends. */
export const GIT_PACK_OBJECTS = 2_000_000;
/** The most that is unpacked to name the objects of a pack. */
export const GIT_UNPACKED_BYTES = 4096 * MIB;
/** The most that a git server may say of its references and abilities, or beside a pack. */
export const GIT_ADVERTISEMENT_BYTES = 64 * MIB;
/** From how many packs of a repository on all of it is fetched anew, so that reading stays fast. */
export const GIT_JOINED_PACKS = 32;
/** How often a git server may ask for credentials; each address that it leads to may do so once. */
export const GIT_CHALLENGES = 3;
/** The deepest nesting of submodules. */
export const SUBMODULE_DEPTH = 8;
/** The most submodules of one project, nested ones included. */
export const SUBMODULES = 100;
/** The largest .gitmodules file read. */
export const GITMODULES_BYTES = 1 * MIB;
/** How many references are named when one was not found. */
export const NEARBY_REFERENCES = 5;
/** How many files of a build are written or read side by side. */
export const FILE_CONCURRENCY = 16;
/** Of how many devfiles the values are kept beside the text. */
export const RECENT_TREES = 256;
/** Up to how many files of a build are synced one by one; for more, the whole volume is. */
export const SYNC_EACH_FILES = 32;
/** How many stack versions may fail in a row to reach the registry before the rest is not tried. */
export const UNREACHABLE_IN_A_ROW = 3;

/** The largest manifest read. Spec: distribution-spec v1.1 asks registries for at least 4 MiB. */
export const MANIFEST_BYTES = 4 * MIB;
/** How much of a file is read at once where content is streamed from a disk. */
export const FILE_CHUNK_BYTES = 256 * KIB;
/** The largest index.json of an image layout read or written. */
export const LAYOUT_INDEX_BYTES = 16 * MIB;
/** The most manifests below one root of an image layout. */
export const GRAPH_MANIFESTS = 10_000;
/** How often an entry is put into a list that others write to at the same time. */
export const REFERRERS_TAG_WRITES = 8;
/** How many graphs of an image layout are read side by side. */
export const GRAPH_READS = 8;
/** The largest oci-layout file read. */
export const LAYOUT_MARKER_BYTES = 4 * KIB;
/** How many graphs of an image layout are remembered. */
export const GRAPH_CACHE_ENTRIES = 10_000;
/** The largest token reply read. */
export const TOKEN_BYTES = 128 * KIB;
/** The largest error reply read. */
export const ERROR_BODY_BYTES = 64 * KIB;
/** How much text of an error reply that is no OCI envelope is shown. */
export const ERROR_TEXT_CHARS = 1024;
/** The largest tag, catalog or referrers page read. */
export const PAGE_BYTES = 8 * MIB;
/** The most pages followed in one listing. */
export const PAGES = 10_000;
/** How many entries a page asks for; some registries refuse more. */
export const PAGE_ENTRIES = 1000;
/** The most redirects followed for one request. */
export const REDIRECTS = 10;
/** How many transfers run side by side towards one registry. */
export const REGISTRY_CONCURRENCY = 8;
/** How often one request is tried. */
export const ATTEMPTS = 5;
/** The first back-off, doubled after each attempt and jittered. */
export const BACKOFF_MS = 200;
/** The longest single back-off; Retry-After may ask for more. */
export const BACKOFF_CAP_MS = 30_000;
/** The longest that all attempts of one request may take together. */
export const RETRY_TOTAL_MS = 10 * 60_000;
/** How long a connection may take to come up. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** How long a reply's headers may take. */
export const HEADERS_TIMEOUT_MS = 60_000;
/** How long a registry may take to store an upload that it has: it reads it all once more. */
export const COMMIT_TIMEOUT_MS = 10 * 60_000;
/** How long a body may stall. */
export const BODY_TIMEOUT_MS = 60_000;
/** The most connections to one origin; waiting is done before, so that none waits for another. */
export const CONNECTIONS_PER_ORIGIN = 256;
/** How much of an unwanted body is read so that its connection can be used again. */
export const DISCARD_BYTES = 128 * KIB;
/** The most names, tags or referrers read in one listing. */
export const LISTED_ENTRIES = 1_000_000;
/** How much of a blob must have come since the last break for the count of attempts to restart. */
export const RESUME_PROGRESS_BYTES = 1 * MIB;
/** How long before its end a token is renewed. */
export const TOKEN_MARGIN_MS = 10_000;
/** How many tokens, scopes or repositories a client of one registry remembers. */
export const REMEMBERED_ENTRIES = 10_000;
/** The longest WWW-Authenticate header read. */
export const CHALLENGE_CHARS = 8192;
/** The most challenges read from one answer. */
export const CHALLENGES = 16;
/** The lifetime of a token that names none. Spec: distribution token authentication. */
export const TOKEN_LIFETIME_MS = 60_000;
/** The largest docker config.json or auth file read. */
export const AUTH_FILE_BYTES = 1 * MIB;
/** The longest a credential helper may take, and the most it may print. */
export const HELPER_TIMEOUT_MS = 30_000;
/** The most a credential helper may print. */
export const HELPER_BYTES = 64 * KIB;
/** The shortest pause between two loads of the registry behind a server. */
export const PUBLISH_PAUSE_MS = 2_000;
/** The longest pause between two tries to load a registry that stays away. */
export const PUBLISH_RETRY_CAP_MS = 60_000;

/** The largest request body the server reads; every route is read-only. */
export const REQUEST_BODY_BYTES = 1 * MIB;
/** How long a connection may be silent, in whole seconds (Bun's unit). */
export const IDLE_TIMEOUT_S = 30;
/** How long in-flight requests may take after the first signal to stop. */
export const DRAIN_MS = 10_000;
/** How long transfers under way may take after a command is told to stop. */
export const STOP_GRACE_MS = 2_000;
/** The longest URL path answered. */
export const PATH_CHARS = 4096;
/** The longest query string parsed. */
export const QUERY_CHARS = 8192;
/** The most entries a /v2 listing gives on one page. */
export const SERVED_PAGE_ENTRIES = 1000;
/** How many filtered index answers are kept. */
export const FILTER_CACHE_ENTRIES = 256;
/** The most bytes of filtered index answers and files that one generation keeps ready. */
export const ANSWER_CACHE_BYTES = 32 * MIB;
/** The largest file of a build that is kept in memory after it was served. */
export const CACHED_FILE_BYTES = 1 * MIB;
/** Content up to this size is read whole before it is answered, so that a fault is still a status. */
export const BLOB_HEAD_BYTES = 1 * MIB;
/** The most tags, repositories or referrers that one /v2 listing gathers. */
export const SERVED_LISTING_ENTRIES = 100_000;
/** How long the registry behind may take to say what a tag of ours points to. */
export const FRONT_TIMEOUT_MS = 2_000;
/** After how many failures in a row the registry behind is left alone. */
export const FRONT_FAILURES = 3;
/** How long it is left alone before it is asked again. */
export const FRONT_PAUSE_MS = 5_000;
/** The longest request id of a client that is taken over. */
export const REQUEST_ID_CHARS = 128;
/** The most entity tags of one condition looked at. */
export const CONDITION_TAGS = 64;
/** How long a watched folder must be quiet before it is read again. */
export const WATCH_SETTLE_MS = 200;
/** An operation longer than this shows progress on a terminal. */
export const PROGRESS_AFTER_MS = 2_000;
/** The most characters that variables or build arguments add to one text. */
export const EXPANSION_CHARS = 4 * KIB;
