import { searchAsTyped } from "./catalog.ts";
import { offerCopies } from "./copy.ts";
import { chooseThemes } from "./theme.ts";

chooseThemes();
offerCopies(document);
searchAsTyped();
