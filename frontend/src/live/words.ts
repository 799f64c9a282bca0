/**
 * Every sentence of the live room, and how data becomes words. Kept apart from the templates so
 * that the catalogue's collector, which reads plain JavaScript, finds all of them.
 */
import type { Link } from "./link";

const language = (): string => document.documentElement.lang || "vi";
let timeZone = "UTC";

/** Times are shown as on the clock of the house, wherever the device is. */
export function setTimeZone(name: string): void {
  timeZone = name;
}

/** The text in the language of the screen, the other one where it is missing. */
export function own(vietnamese: string, english: string): string {
  return language().startsWith("en") ? english || vietnamese : vietnamese || english;
}

export function hour(iso: string | number | Date, seconds = false): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    ...(seconds ? { second: "2-digit" } : {}),
    hourCycle: "h23",
  }).format(new Date(iso));
}

export function day(iso: string): string {
  return new Intl.DateTimeFormat(language(), { timeZone, day: "numeric", month: "numeric" }).format(new Date(iso));
}

const fill = (format: string, values: Record<string, unknown>): string => interpolate(format, values, true);

export const names = (people: readonly string[]): string =>
  new Intl.ListFormat(language(), { style: "short", type: "unit" }).format(people);

export const minutesOf = (seconds: number): number => Math.max(1, Math.round(seconds / 60));

/** The connection in words: a short one for small screens, and what follows it on larger ones. */
export function linkWords(link: Link, lostSince: Date | null, ageSeconds: number): { short: string; more: string } {
  switch (link.phase) {
    case "live":
      return { short: gettext("Connected"), more: latest(ageSeconds) };
    case "polling":
      return { short: gettext("Connected"), more: gettext(", by asking again") };
    case "connecting":
      return { short: gettext("Connecting"), more: gettext(", what you see may be old") };
    case "lost": {
      const since = lostSince ? hour(lostSince) : "";
      return { short: gettext("Offline"), more: fill(gettext(" since %(time)s, trying again"), { time: since }) };
    }
  }
}

function latest(age: number): string {
  if (age < 2) return gettext(", updated just now");
  return fill(ngettext(", latest %(n)s second ago", ", latest %(n)s seconds ago", age), { n: age });
}

// ── the item and the floor ──
export const noItem = (): string => gettext("No item is being discussed");
export const nextItem = (number: number, title: string): string =>
  fill(gettext("Next: item %(number)s, %(title)s"), { number, title });
export const underDiscussion = (time: string): string => fill(gettext("Under discussion since %(time)s"), { time });
export const submittedBy = (agency: string): string => fill(gettext("Submitted by %(agency)s"), { agency });
export const reportedBy = (name: string): string => fill(gettext("%(name)s reports"), { name });
export const itemNumber = (number: number): string => fill(gettext("Item %(number)s"), { number });
export const paperOnly = (): string => gettext("On paper only: the paper is handed out in the room.");
export const speakerLabel = (): string => gettext("Speaker");
export const speaking = (): string => gettext("Speaking");
export const nobodySpeaks = (): string => gettext("Nobody has the floor");
export const leftOf = (minutes: number): string =>
  fill(ngettext("left of %(n)s minute", "left of %(n)s minutes", minutes), { n: minutes });
export const overBy = (): string => gettext("over the time");
export const timeIsUp = (name: string): string => fill(gettext("The time of %(name)s is up"), { name });
export const quorum = (quorate: boolean, needed: number): string =>
  quorate
    ? fill(gettext("present: quorate (%(needed)s needed)"), { needed })
    : fill(gettext("present: not quorate (%(needed)s needed)"), { needed });
export const openPaper = (): string => gettext("Open the paper");
export const paperWords = (title: string, version: number): string =>
  fill(gettext("%(title)s, version %(version)s"), { title, version });
export const otherPapers = (n: number): string => fill(ngettext("%(n)s more paper", "%(n)s more papers", n), { n });
export const pagesOf = (pages: number): string => fill(ngettext("%(n)s page", "%(n)s pages", pages), { n: pages });
export const askToSpeak = (): string => gettext("Ask to speak");
export const withdraw = (): string => gettext("Withdraw my request");
export const waitingLine = (n: number, seconds: number): string =>
  n === 0
    ? gettext("Nobody is waiting")
    : fill(ngettext("%(n)s waiting, about %(minutes)s minutes", "%(n)s waiting, about %(minutes)s minutes", n), { n, minutes: minutesOf(seconds) });
export const myPlace = (n: number): string => fill(gettext("You are number %(n)s in the queue"), { n });
export const youSpeak = (): string => gettext("You have the floor");
export const paperOnScreen = (): string => gettext("Paper under discussion");
export const readFreely = (): string => gettext("Open in the reader");
export const pageOf = (page: number, pages: number): string =>
  fill(gettext("Page %(page)s of %(pages)s"), { page, pages });
export const paperFailed = (): string => gettext("The paper cannot be shown here. Open it in the reader.");
export const noPaper = (): string => gettext("This item has no paper to show.");

// ── the ballot ──
export const ballotLabel = (): string => gettext("Ballot");
export const noVote = (): string => gettext("No vote is open");
export const whenOpened = (): string =>
  gettext("When the chair opens the vote, your ballot appears right here.") +
  (buzzes() ? ` ${gettext("The phone buzzes once.")}` : "");
const buzzes = (): boolean =>
  "vibrate" in navigator && matchMedia("(pointer: coarse) and (max-width: 47.99rem)").matches;
export const observerHint = (): string => gettext("When a vote is held, its turnout and result appear here.");
export const notStarted = (): string => gettext("The meeting has not started");
export const startsAt = (time: string): string => fill(gettext("It is due to start at %(time)s."), { time });
export const adjourned = (): string => gettext("The meeting is adjourned");
export const adjournedAt = (time: string): string => fill(gettext("It was adjourned at %(time)s."), { time });
export const seeOutcome = (): string => gettext("See what was decided");
export const cancelled = (): string => gettext("The meeting is cancelled");
export const checkIn = (): string => gettext("I am present");
export const checkInRemote = (): string => gettext("I take part remotely");
export const checkInWhy = (votes: boolean): string =>
  votes
    ? gettext("You are not marked as present. Only who is present can vote.")
    : gettext("You are not marked as present. Only who is present can speak.");
export const checkedIn = (remote: boolean): string =>
  remote ? gettext("You are marked as present remotely") : gettext("You are marked as present");
export const positionOf = (date: string): string => fill(gettext("Your position of %(date)s:"), { date });
export const stance = (code: string): string =>
  ({
    agree: gettext("Agree"),
    agree_comment: gettext("Agree, with a comment"),
    object: gettext("Object"),
    speak: gettext("Wish to speak"),
  })[code] ?? code;
export const namedVote = (): string => gettext("Named vote");
export const openedAt = (time: string): string => fill(gettext("opened %(time)s"), { time });
export const chooseOne = (): string => gettext("Choose one above");
export const castAs = (label: string): string => fill(gettext("Cast: %(choice)s"), { choice: label });
export const casting = (): string => gettext("Casting your ballot");
export const lostTitle = (): string => gettext("You cannot vote right now.");
export const lostWords = (): string =>
  gettext(
    "The device is reconnecting; a ballot is never sent behind your back. If the vote is closing, raise your hand: the secretary will take it by roll call.",
  );
export const choiceKept = (label: string): string => fill(gettext("Your mark “%(choice)s” is kept on this screen."), { choice: label });
export const retry = (): string => gettext("Try again now");
export const counted = (): string => gettext("Your ballot is counted");
export const youChose = (): string => gettext("You chose");
export const at = (): string => gettext("At");
export const receipt = (): string => gettext("Receipt");
export const turnoutWords = (): string =>
  gettext("members present have voted. The result appears when the chair closes the vote.");
export const changeBallot = (): string => gettext("Change it before the close");
export const keepBallot = (label: string): string => fill(gettext("Keep “%(choice)s”"), { choice: label });
export const castUnknown = (): string =>
  gettext("No answer came. Press again: the same ballot is never counted twice.");
export const noBallot = (why: string | null): string =>
  ({
    absent: gettext("You were not marked as present when the vote was opened, so you have no ballot in it."),
    recused: gettext("You have withdrawn from this item and take no part in the vote."),
    represented: gettext("Another member votes in your place: that was so when the vote was opened."),
    not_elector: gettext("You have no vote in this body. Turnout and result appear here."),
  })[why ?? ""] ?? gettext("You have no ballot in this vote. Turnout and result appear here.");
export const myBallot = (label: string, code: string): string =>
  fill(gettext("Your ballot: %(choice)s, receipt %(code)s"), { choice: label, code });
export const noBallotCast = (): string => gettext("You cast no ballot.");
export const yourBallots = (): string => gettext("Ballots you cast");
export const myVote = (): string => gettext("My own vote");
export const voteFor = (name: string): string => fill(gettext("For %(name)s"), { name });
export const notCastYet = (): string => gettext("not cast yet");
export const onlyMarked = (): string => gettext("marked, not cast yet");
export const castNext = (whose: string): string => fill(gettext("Next ballot: %(whose)s"), { whose });
export const votedForMe = (name: string): string => fill(gettext("%(name)s voted in your place."), { name });
export const actsBy = (name: string): string => fill(gettext("by proxy: %(name)s"), { name });
export const proofFollows = (): string => gettext("The proof from the ledger follows shortly.");
export const provenBy = (entry: number, size: number): string =>
  fill(gettext("It is entry %(entry)s of the ledger, under the signed head of %(size)s entries."), { entry, size });
export const keepProof = (): string => gettext("Keep the proof");
export const announceOpen = (question: string): string => fill(gettext("A vote is open: %(question)s"), { question });
export const announceStarted = (): string => gettext("The meeting has begun");
export const announceItem = (number: number, title: string): string =>
  fill(gettext("Item %(number)s is called: %(title)s"), { number, title });
export const announceSpeaker = (name: string): string => fill(gettext("%(name)s has the floor"), { name });

// ── result and seats ──
export const outcome = (code: string): string =>
  ({ adopted: gettext("Adopted"), rejected: gettext("Not adopted"), no_quorum: gettext("No quorum") })[code] ?? code;
export const absent = (): string => gettext("Absent");
export const recused = (): string => gettext("Withdrawn");
export const silent = (): string => gettext("Did not vote");
export const voted = (): string => gettext("Voted");
export const notYet = (): string => gettext("Not yet");
export const seatsOpen = (turnout: number, expected: number): string =>
  fill(gettext("%(turnout)s of %(expected)s members present have voted"), { turnout, expected });

// ── desk ──
export const hourLabel = (): string => pgettext("clock", "Time");
export const schedule = (): string => gettext("Schedule");
/** The delay in two parts, a large and a small one; the bar in the text divides them. */
export const delay = (seconds: number): { large: string; small: string } => {
  const n = Math.round(Math.abs(seconds) / 60);
  if (n === 0) return { large: gettext("on time"), small: "" };
  const text =
    seconds > 0
      ? fill(ngettext("%(n)s|minute late", "%(n)s|minutes late", n), { n })
      : fill(ngettext("%(n)s|minute early", "%(n)s|minutes early", n), { n });
  const [large = "", small = ""] = text.split("|");
  return { large, small };
};
export const present = (): string => gettext("Present");
export const neededShort = (needed: number): string => fill(gettext("%(needed)s needed"), { needed });
export const screensLabel = (): string => gettext("Screens connected");
export const linkLabel = (): string => gettext("Connection");
export const programme = (): string => gettext("Programme");
export const attendance = (): string => gettext("Attendance");
export const versionOf = (version: number): string => fill(gettext("version %(version)s"), { version });
export const close = (): string => gettext("Close");
export const runFrom = (time: string, spent: number, allotted: number): string =>
  fill(gettext("from %(time)s, %(spent)s of %(allotted)s minutes"), { time, spent, allotted });
export const expectedAt = (time: string): string => fill(gettext("expected %(time)s"), { time });
export const allotted = (n: number): string => fill(ngettext("%(n)s minute", "%(n)s minutes", n), { n });
export const adoptedShort = (forVotes: number, base: number): string =>
  fill(gettext("adopted %(votes)s/%(base)s"), { votes: forVotes, base });
export const rejectedShort = (forVotes: number, base: number): string =>
  fill(gettext("not adopted %(votes)s/%(base)s"), { votes: forVotes, base });
export const postponed = (): string => gettext("postponed");
export const wishes = (n: number): string => fill(ngettext("%(n)s wishes to speak", "%(n)s wish to speak", n), { n });
export const noDiscussion = (): string => gettext("no discussion");
export const onPaper = (): string => gettext("on paper at the secretary's table");
export const call = (): string => pgettext("agenda item", "Call");
export const postpone = (): string => pgettext("agenda item", "Postpone");
export const postponeItem = (number: number): string => fill(gettext("Postpone item %(number)s"), { number });
export const postponeTitle = (number: number): string => fill(gettext("Postpone item %(number)s?"), { number });
export const postponeBody = (): string =>
  gettext("The item leaves the table; the floor is cleared. It can be called again in this meeting. The reason goes into the log.");
export const goBack = (): string => gettext("Go back");
export const callItem = (number: number): string => fill(gettext("Call item %(number)s"), { number });
export const endItem = (number: number): string => fill(gettext("End item %(number)s"), { number });
export const startMeeting = (): string => gettext("Start the meeting");
export const startHint = (): string => gettext("Take the attendance first: those present form the quorum and vote.");
export const adjourn = (): string => gettext("Adjourn");
export const adjournTitle = (): string => gettext("Adjourn the meeting?");
export const adjournBody = (n: number): string =>
  n === 0
    ? gettext("All items have been dealt with. The log is closed and goes to the archive.")
    : fill(ngettext("%(n)s item has not been dealt with. The log is closed and goes to the archive.", "%(n)s items have not been dealt with. The log is closed and goes to the archive.", n), { n });
export const notYetAdjourn = (): string => gettext("Not yet");
export const spokenToday = (time: string): string => fill(gettext("has spoken %(time)s today"), { time });
export const notSpoken = (): string => gettext("has not spoken today");
export const spokenTimes = (n: number, time: string): string =>
  fill(ngettext("%(n)s time, %(time)s", "%(n)s times, %(time)s", n), { n, time });
export const oneMinute = (): string => gettext("1 minute");
export const endSpeech = (): string => gettext("End the speech");
export const queueTitle = (): string => gettext("Waiting to speak");
export const queueLine = (n: number, seconds: number): string =>
  n === 0
    ? gettext("nobody")
    : fill(ngettext("%(n)s person, about %(minutes)s minutes", "%(n)s people, about %(minutes)s minutes", n), { n, minutes: minutesOf(seconds) });
export const invite = (): string => gettext("Invite");
export const inviteName = (name: string): string => fill(gettext("Invite %(name)s to speak"), { name });
export const remove = (name: string): string => fill(gettext("Take %(name)s off the queue"), { name });
export const conclusionLabel = (): string => gettext("Conclusion of the chair");
export const savedAt = (time: string): string => fill(gettext("saved %(time)s"), { time });
export const saving = (): string => gettext("saving");
export const unsaved = (): string => gettext("not yet saved, kept on this device");
export const kindMotion = (): string => gettext("The text itself");
export const kindAmendment = (): string => gettext("An amendment");
export const kindOptions = (): string => gettext("Several options");
export const clauseLabel = (): string => gettext("Which clause is amended");
export const amendmentLabel = (): string => gettext("Its new words");
export const addOption = (): string => gettext("Add an option");
export const dropOption = (): string => gettext("Remove the last one");
export const optionLabel = (letter: string): string => fill(gettext("Option %(letter)s"), { letter });
export const optionEnLabel = (letter: string): string => fill(gettext("Option %(letter)s in English"), { letter });
export const inEnglish = (): string => gettext("In English");
export const asAmended = (n: number): string =>
  fill(ngettext("%(n)s adopted amendment is part of the text put.", "%(n)s adopted amendments are part of the text put.", n), { n });
export const takenAgain = (why: string): string => fill(gettext("Taken again: %(reason)s"), { reason: why });
export const superseded = (): string => gettext("taken again since, no longer counts");
export const votesOnItem = (): string => gettext("Votes on this item");
export const chosen = (label: string): string => fill(gettext("chosen: %(option)s"), { option: label });
export const proxiesLabel = (): string => gettext("By proxy:");
export const byProxy = (name: string, acting: string): string =>
  fill(gettext("%(name)s (%(acting)s votes)"), { name, acting });
export const representedNow = (n: number): string =>
  fill(ngettext("%(n)s absent member is represented and gets a ballot too.", "%(n)s absent members are represented and get a ballot too.", n), { n });
export const voteAgain = (): string => gettext("Take the vote again");
export const voteAgainTitle = (): string => gettext("Take this vote again?");
export const voteAgainBody = (): string =>
  gettext("The same question is put once more. The earlier vote stays in the log and on the screens; once the new one is closed, only that one counts.");
export const runningCounts = (): string => gettext("By the rules of this body the counts are shown while the vote is open.");
export const proxiesTitle = (): string => gettext("Votes given to another member");
export const proxiesBody = (n: number): string =>
  fill(ngettext("A member may vote for %(n)s absent member. Who is present votes in person; then the proxy rests.", "A member may vote for up to %(n)s absent members. Who is present votes in person; then the proxy rests.", n), { n });
export const asleep = (): string => gettext("rests at present");
export const endProxy = (): string => gettext("End it");
export const endProxyOf = (name: string): string => fill(gettext("End the proxy of %(name)s"), { name });
export const representedLabel = (): string => gettext("Absent member");
export const actingLabel = (): string => gettext("Who votes in their place");
export const noticeLabel = (): string => gettext("Written notice you were shown");
export const recordProxy = (): string => gettext("Record the proxy");
export const openVote = (): string => gettext("Open the vote");
export const questionLabel = (): string => gettext("Question put to the vote");
export const questionEnLabel = (): string => gettext("The same in English");
export const putQuestion = (): string => gettext("Put a question to the vote");
export const anotherQuestion = (): string => gettext("Put another question");
export const votedOn = (title: string, version: number): string =>
  fill(gettext("The vote is on “%(title)s”, version %(version)s: this very text is frozen into it."), { title, version });
export const noDraft = (): string => gettext("This item has no draft: the vote is on the question alone.");
export const voteFrozen = (electors: number): string =>
  fill(ngettext("%(n)s member present will get a ballot. Who arrives later cannot vote in it.", "%(n)s members present will get a ballot. Who arrives later cannot vote in it.", electors), { n: electors });
export const noQuorumNow = (present_: number, needed: number): string =>
  fill(gettext("Only %(present)s are present, %(needed)s are needed for a quorum."), { present: present_, needed });
export const votingNow = (): string => gettext("Named vote under way");
export const haveVoted = (): string => gettext("have voted.");
export const neededOf = (needed: number, base: number): string =>
  fill(gettext("%(needed)s of %(base)s members in favour are needed."), { needed, base });
export const notVoted = (): string => gettext("Have not voted:");
export const people = (n: number): string => fill(ngettext("%(n)s person", "%(n)s people", n), { n });
export const everybodyVoted = (): string => gettext("Everybody present has voted.");
export const closeVote = (): string => gettext("Close the vote");
export const cancelVote = (): string => gettext("Cancel the vote");
export const cancelVoteTitle = (): string => gettext("Cancel the vote without a result?");
export const cancelVoteBody = (): string => gettext("The ballots cast so far do not count. The reason goes into the log.");
export const reason = (): string => gettext("Reason");
export const closeTitle = (number: number): string => fill(gettext("Close the vote on item %(number)s?"), { number });
export const closeMissing = (n: number): string =>
  fill(ngettext("%(n)s member present has not voted", "%(n)s members present have not voted", n), { n });
export const closeMissingMore = (who: string): string =>
  fill(gettext(" and will count as not voting: %(names)s."), { names: who });
export const closeFinal = (): string =>
  gettext("It cannot be opened again. The result goes to the wall at once and into the log.");
export const closeNow = (): string => gettext("Close and announce");
export const waitMore = (): string => gettext("Wait");
export const tieLabel = (): string => gettext("The votes are tied. The chair decides:");
export const tieWaits = (): string =>
  gettext("The votes are tied: the chair votes, or closes the vote from the chair's own desk.");
export const forInformation = (): string => gettext("This item is for information: nothing is put to a vote.");
export const resultTitle = (): string => gettext("Result of the vote");
export const prepareDecision = (): string => gettext("Prepare the decision for signature");
export const markPresent = (): string => gettext("Present");
export const presence = (code: string): string =>
  ({
    expected: gettext("Expected"),
    present: gettext("Present"),
    remote: gettext("Present remotely"),
    absent: gettext("Absent"),
  })[code] ?? code;
export const presenceOf = (name: string): string => fill(gettext("Presence of %(name)s"), { name });
export const allPresent = (n: number): string =>
  fill(ngettext("Mark the %(n)s expected member as present", "Mark the %(n)s expected members as present", n), { n });
export const attendanceLine = (now: number, members: number, needed: number): string =>
  fill(gettext("%(now)s of %(members)s present, %(needed)s needed for a quorum."), { now, members, needed });
export const statedBefore = (): string => gettext("Positions stated beforehand:");
export const commandUnknown = (): string => gettext("No answer came. Look at the screen before you try again: nothing is done twice.");
export const deskLost = (): string =>
  gettext("No contact with the server. What you see may be old; wait until it is back before you give commands. What you type is kept.");

// ── wall ──
export const welcome = (time: string): string => fill(gettext("The meeting begins at %(time)s"), { time });
export const nextSpeakers = (): string => pgettext("speakers", "Next");
export const membersVoted = (): string => gettext("members present have voted.");
export const adoptedWhen = (needed: number, base: number): string =>
  fill(gettext("Adopted when at least %(needed)s of %(base)s members are in favour."), { needed, base });
export const wallLost = (): string => gettext("No contact since %(time)s");
export const wallLostAt = (time: string): string => fill(wallLost(), { time });
