// Only on a member's live room.
import { LinkState } from "../live/link-state";
import { PaperPane } from "../live/paper-pane";
import { LiveRoom } from "../live/room";
import { store } from "../live/store";

customElements.define("ec-link-state", LinkState);
customElements.define("ec-live-paper", PaperPane);
customElements.define("ec-live-room", LiveRoom);
store().start();
