// Only on the desk of chair and secretariat.
import { LiveDesk } from "../live/desk";
import { DeskBar } from "../live/desk-bar";
import { store } from "../live/store";

customElements.define("ec-desk-bar", DeskBar);
customElements.define("ec-live-desk", LiveDesk);
store().start();
