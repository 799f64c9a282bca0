import type { LiveState } from "./types";

/** Do buttons stand elsewhere now? Names and figures change, and the queue grows, without moving any. */
export function moved(before: LiveState, after: LiveState): boolean {
  const queue = ({ floor }: LiveState): number[] => floor.queue.map((entry) => entry.request_id);
  const shape = ({ meeting, current, poll, floor }: LiveState): string =>
    [meeting.state, current?.id, poll?.id, poll?.state, floor.speaker?.request_id].join();
  return shape(before) !== shape(after) || queue(after).slice(0, queue(before).length).join() !== queue(before).join();
}
