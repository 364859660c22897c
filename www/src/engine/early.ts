// The first script of the page, whole in itself: the engine loads while the page's own scripts still come and draw.

import { spawnEarly } from "./spawn";
import { defaultBase, engineUrls } from "./urls";

spawnEarly({ urls: engineUrls(defaultBase()) });
// The browser takes its time to read how numbers are written here, and now it has some.
new Intl.NumberFormat().format(0);
