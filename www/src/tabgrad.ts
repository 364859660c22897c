// What other pages load: `<script type="module" src=".../tabgrad.js">` defines <tabgrad-playground>. The only script of the
// built folder whose name stays the same; what it imports lies in assets/ beside the engine.

import "./elements/define";
