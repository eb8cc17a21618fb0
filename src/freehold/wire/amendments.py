"""What AWS's wire says and botocore's service files leave out, as data.

One idea: a file that was written for clients is silent where clients are lenient, and a server cannot be. Each table
names a service by its model folder. This module is data only.

Sources: the SQS API reference before and after its JSON protocol (2023-11), the S3 API reference, responses of AWS.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass

# Protocols a service answers besides those its file lists.
PROTOCOLS: dict[str, tuple[str, ...]] = {"sqs": ("query",)}

# How many bytes a request may have, where that is less than this cloud takes.
BODIES: dict[str, dict[str, int]] = {
    "lambda": {"CreateFunction": 70_167_211, "UpdateFunctionCode": 70_167_211, "PublishLayerVersion": 70_167_211},
}

# The XML namespace of services whose file has none.
NAMESPACES: dict[str, str] = {
    "sqs": "http://queue.amazonaws.com/doc/2012-11-05/",
    "s3": "http://s3.amazonaws.com/doc/2006-03-01/",
}

# The namespace before an error's name in JSON and CBOR, where a service gives one.
ERROR_NAMESPACES: dict[str, str] = {
    "dynamodb": "com.amazonaws.dynamodb.v20120810",
    "dynamodbstreams": "com.amazonaws.dynamodb.v20120810",
    "sqs": "com.amazonaws.sqs",
}

# Errors whose message is in `Message`, whatever their model says, where they have the member named here.
LOUD_MESSAGES: dict[str, dict[str, str]] = {"dynamodb": {"ConditionalCheckFailedException": "Item"}}

# What a service calls a denial, where that is not AccessDenied or AccessDeniedException.
DENIALS: dict[str, str] = {"ec2": "UnauthorizedOperation", "sns": "AuthorizationError"}

# The root element of a response, where it is neither the output shape's name nor a payload's.
ROOTS: dict[str, dict[str, str]] = {
    "s3": {
        "CompleteMultipartUpload": "CompleteMultipartUploadResult",
        "CreateMultipartUpload": "InitiateMultipartUploadResult",
        "CreateSession": "CreateSessionResult",
        "DeleteObjects": "DeleteResult",
        "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
        "GetBucketAcl": "AccessControlPolicy",
        "GetBucketCors": "CORSConfiguration",
        "GetBucketLifecycle": "LifecycleConfiguration",
        "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
        "GetBucketLocation": "LocationConstraint",
        "GetBucketLogging": "BucketLoggingStatus",
        "GetBucketNotification": "NotificationConfiguration",
        "GetBucketNotificationConfiguration": "NotificationConfiguration",
        "GetBucketRequestPayment": "RequestPaymentConfiguration",
        "GetBucketTagging": "Tagging",
        "GetBucketVersioning": "VersioningConfiguration",
        "GetBucketWebsite": "WebsiteConfiguration",
        "GetObjectAcl": "AccessControlPolicy",
        "GetObjectAttributes": "GetObjectAttributesResponse",
        "GetObjectTagging": "Tagging",
        "ListBucketAnalyticsConfigurations": "ListBucketAnalyticsConfigurationsResult",
        "ListBucketInventoryConfigurations": "ListInventoryConfigurationsResult",
        "ListBucketMetricsConfigurations": "ListMetricsConfigurationsResult",
        "ListBuckets": "ListAllMyBucketsResult",
        "ListDirectoryBuckets": "ListAllMyDirectoryBucketsResult",
        "ListMultipartUploads": "ListMultipartUploadsResult",
        "ListObjectVersions": "ListVersionsResult",
        "ListObjects": "ListBucketResult",
        "ListObjectsV2": "ListBucketResult",
        "ListParts": "ListPartsResult",
    },
}

# Shapes whose values rooms keep just as answers write them, down to their texts, truths and bytes: they are not looked
# through on their way out.
KEPT: dict[str, tuple[str, ...]] = {"dynamodb": ("AttributeValue",), "dynamodbstreams": ("AttributeValue",)}

# Members of responses that AWS writes behind all others, in this order: clients in other languages rely on it.
LAST: dict[str, dict[str, tuple[str, ...]]] = {
    "s3": {
        "ListBucketsOutput": ("Buckets", "ContinuationToken", "Prefix"),
        "ListObjectsOutput": ("Contents", "CommonPrefixes"),
        "ListObjectsV2Output": ("Contents", "CommonPrefixes"),
        "ListObjectVersionsOutput": ("DeleteMarkers", "Versions", "CommonPrefixes"),
    },
}

# The status of success, where AWS answers another than the file has.
STATUSES: dict[str, dict[str, int]] = {
    "s3": {
        "PutBucketAnalyticsConfiguration": 204,
        "PutBucketIntelligentTieringConfiguration": 204,
        "PutBucketInventoryConfiguration": 204,
        "PutBucketMetricsConfiguration": 204,
        "PutBucketPolicy": 204,
        "PutBucketTagging": 204,
    },
}
STATUS = "HTTPStatusCode"  # under which a response says its status, where there are several of success

# Operations older than the checksums that their model wants of clients, which AWS takes without: its own SDKs added
# them where they could, until the model said so, and s3cmd never has.
UNCLAIMED: dict[str, tuple[str, ...]] = {
    "s3": (
        "PutBucketAcl", "PutBucketLogging", "PutBucketNotification", "PutBucketPolicy", "PutBucketRequestPayment",
        "PutBucketVersioning", "PutBucketWebsite", "PutObjectAcl",
    ),
}  # fmt: skip

# How a service writes times in XML, if not as others do.
TIMES: dict[str, str] = {"s3": "milliseconds"}

# The names of responses' headers that a service does not write in small letters: some readers of its answers know no
# other form.
WRITTEN: dict[str, tuple[str, ...]] = {
    "s3": (
        "Accept-Ranges", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language",
        "Content-Length", "Content-Range", "Content-Type", "ETag", "Expires", "Last-Modified", "Location",
    ),
}  # fmt: skip

# Responses whose only member is the text of the root element itself.
UNWRAPPED: dict[str, frozenset[str]] = {"s3": frozenset({"GetBucketLocation"})}

# The names that uses of shapes have in the query protocol: "Structure.member", "List.member", "Map.key", "Map.value".
NAMES: dict[str, dict[str, str]] = {
    "sqs": {
        "AWSAccountIdList.member": "AWSAccountId",
        "ActionNameList.member": "ActionName",
        "AttributeNameList.member": "AttributeName",
        "BatchResultErrorEntryList.member": "BatchResultErrorEntry",
        "BinaryList.member": "BinaryListValue",
        "ChangeMessageVisibilityBatchRequestEntryList.member": "ChangeMessageVisibilityBatchRequestEntry",
        "ChangeMessageVisibilityBatchResultEntryList.member": "ChangeMessageVisibilityBatchResultEntry",
        "DeleteMessageBatchRequestEntryList.member": "DeleteMessageBatchRequestEntry",
        "DeleteMessageBatchResultEntryList.member": "DeleteMessageBatchResultEntry",
        "ListMessageMoveTasksResultEntryList.member": "ListMessageMoveTasksResultEntry",
        "MessageAttributeNameList.member": "MessageAttributeName",
        "MessageList.member": "Message",
        "MessageSystemAttributeList.member": "MessageSystemAttributeName",
        "QueueUrlList.member": "QueueUrl",
        "SendMessageBatchRequestEntryList.member": "SendMessageBatchRequestEntry",
        "SendMessageBatchResultEntryList.member": "SendMessageBatchResultEntry",
        "StringList.member": "StringListValue",
        "TagKeyList.member": "TagKey",
        "MessageBodyAttributeMap.key": "Name",
        "MessageBodyAttributeMap.value": "Value",
        "MessageBodySystemAttributeMap.key": "Name",
        "MessageBodySystemAttributeMap.value": "Value",
        "MessageSystemAttributeMap.key": "Name",
        "MessageSystemAttributeMap.value": "Value",
        "QueueAttributeMap.key": "Name",
        "QueueAttributeMap.value": "Value",
        "TagMap.key": "Key",
        "TagMap.value": "Value",
        "CreateQueueRequest.Attributes": "Attribute",
        "CreateQueueRequest.tags": "Tag",
        "GetQueueAttributesResult.Attributes": "Attribute",
        "ListQueueTagsResult.Tags": "Tag",
        "Message.Attributes": "Attribute",
        "Message.MessageAttributes": "MessageAttribute",
        "MessageAttributeValue.BinaryListValues": "BinaryListValue",
        "MessageAttributeValue.StringListValues": "StringListValue",
        "MessageSystemAttributeValue.BinaryListValues": "BinaryListValue",
        "MessageSystemAttributeValue.StringListValues": "StringListValue",
        "SendMessageBatchRequestEntry.MessageAttributes": "MessageAttribute",
        "SendMessageBatchRequestEntry.MessageSystemAttributes": "MessageSystemAttribute",
        "SendMessageRequest.MessageAttributes": "MessageAttribute",
        "SendMessageRequest.MessageSystemAttributes": "MessageSystemAttribute",
        "SetQueueAttributesRequest.Attributes": "Attribute",
        "TagQueueRequest.Tags": "Tag",
    },
}

# The code that an error has in the query protocol and in x-amzn-query-error, and its status.
ERRORS: dict[str, dict[str, tuple[str, int]]] = {
    "sqs": {
        "BatchEntryIdsNotDistinct": ("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", 400),
        "BatchRequestTooLong": ("AWS.SimpleQueueService.BatchRequestTooLong", 400),
        "EmptyBatchRequest": ("AWS.SimpleQueueService.EmptyBatchRequest", 400),
        "InvalidBatchEntryId": ("AWS.SimpleQueueService.InvalidBatchEntryId", 400),
        "MessageNotInflight": ("AWS.SimpleQueueService.MessageNotInflight", 400),
        "OverLimit": ("OverLimit", 403),
        "PurgeQueueInProgress": ("AWS.SimpleQueueService.PurgeQueueInProgress", 403),
        "QueueDeletedRecently": ("AWS.SimpleQueueService.QueueDeletedRecently", 400),
        "QueueDoesNotExist": ("AWS.SimpleQueueService.NonExistentQueue", 400),
        "QueueNameExists": ("QueueAlreadyExists", 400),
        "ResourceNotFoundException": ("ResourceNotFoundException", 404),
        "TooManyEntriesInBatchRequest": ("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", 400),
        "UnsupportedOperation": ("AWS.SimpleQueueService.UnsupportedOperation", 400),
    },
}

# What errors that no model lists are called in a JSON body, where services have kept the codes of their query days.
JSON_ERRORS: dict[str, dict[str, str]] = {
    "sqs": {
        "InvalidParameterValue": "InvalidParameterValueException",
        "MissingParameter": "MissingRequiredParameterException",
    },
}
NOT_FOUND_IN_JSON = ("ResourceNotFoundException",)  # the only errors of 404 in a service that once spoke query

# Words that are others in XML.
XML_WORDS: dict[str, dict[str, str]] = {
    "sqs": {"QueueDoesNotExist": "The specified queue does not exist for this wsdl version."},
}

# Services whose errors end in an empty Detail in XML.
DETAILED = ("sqs",)

# The member that the path of a query request stands for: a queue's own URL is an endpoint of that queue.
PATHS: dict[str, str] = {"sqs": "QueueUrl"}
ANYWHERE = ("GetQueueUrl",)  # operations without that member that such an endpoint answers all the same

# What members are called in the JSON form of query responses, where that is not the member's name.
QUERY_JSON_NAMES: dict[str, dict[str, str]] = {
    "sqs": {"ReceiveMessageResult.Messages": "messages", "ListQueuesResult.QueueUrls": "queueUrls"},
}
