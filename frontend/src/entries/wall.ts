// Only on the projector's page.
import { store } from "../live/store";
import { LiveWall } from "../live/wall";

customElements.define("ec-live-wall", LiveWall);
store().start();
