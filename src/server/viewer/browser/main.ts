import { searchAsTyped } from "./catalog.ts";
import { offerCopies } from "./copy.ts";
import { markSection } from "./sections.ts";
import { refreshStatus } from "./status.ts";
import { chooseThemes } from "./theme.ts";
import { waitForContent } from "./waiting.ts";

chooseThemes();
offerCopies(document);
searchAsTyped();
markSection();
refreshStatus();
waitForContent();
