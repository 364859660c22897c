// The first script of the page: the engine loads while the page's own scripts still come and draw.

import { spawnEarly } from "./spawn";
import { defaultBase, engineUrls } from "./urls";

spawnEarly({ urls: engineUrls(defaultBase()) });
