/** What an alarm means, and what to do: the mail has nothing else to go by. docs/operations.md has more of each. */
export const alarmTexts = {
  JoinsWithoutNode:
    'Joins find no place on a media node that stays, and no further one has come. Look at the Auto Scaling group: does it start instances, do they stay? On one: systemctl status hyperroom-agent hyperroom-kurento.',
  NoNodes:
    'No media node takes rooms, though there should be one always. Look at the Auto Scaling group, and on an instance at systemctl status hyperroom-agent hyperroom-kurento.',
  JoinsRefused503:
    'Joins are refused because no media node can take them: all are full (metric NodeLoad), gone (Nodes) or without Kurento. Raise mediaMaxNodes, or see NoNodes.',
  NodesFull:
    'The media nodes have been nearly full for ten minutes, so scaling out does not help, or is at mediaMaxNodes. Raise it, or the instance type, before joins are refused.',
  SlowJoins:
    'One join in a hundred takes more than two seconds from the gateway until it has the answer. Look at cold starts and durations of the function message, then at the CPU of the media nodes.',
  Transcoding:
    'Kurento transcodes: a publication has a codec that a viewer does not take, and each such endpoint costs as much as many. The log of the agent names room and endpoint ("Kurento transcodes").',
  AgentReconnects:
    'Media nodes keep losing their socket to the WebSocket API. Look at the log of the agent ("signalling lost"), at throttling of the API and at the network of the nodes.',
  PostFailures:
    'Frames do not reach clients that are there: the gateway throttles @connections, or the permissions of the functions or of the media nodes are wrong. Look for "post failed" and level error in the logs.',
  Errors:
    'The functions log errors: requests were answered with 500, or work was left undone. Look for level = "error" in their logs.',
  DeadLetters:
    'An event was given up after all tries, and waits in a dead-letter queue for somebody to look at it and send it again, or to purge it.',
  TableThrottled:
    'DynamoDB refuses writes: the table grows faster than on-demand capacity follows, or one room is written too often. Joins are refused with 429 meanwhile and try again by themselves.',
  FunctionFails: (name: string) =>
    `The function ${name} has thrown, run out of time or of memory: what it was about has been left undone. Look at its log.`,
  FunctionThrottled: (name: string) =>
    `The function ${name} is throttled: the account's concurrency, or what is reserved for it, is used up. Have the limit raised, or look who uses it.`,
} as const;
