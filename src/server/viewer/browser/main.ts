import { offerCopies } from "./copy.ts";
import { chooseThemes } from "./theme.ts";

chooseThemes();
offerCopies(document);
