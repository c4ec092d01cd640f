BEGIN TRANSACTION;
CREATE TABLE alarms (
	cause VARCHAR(300) NOT NULL, 
	words TEXT NOT NULL, 
	look TEXT NOT NULL, 
	raised_at BIGINT NOT NULL, 
	told_at BIGINT, 
	retry_at BIGINT, 
	CONSTRAINT pk_alarms PRIMARY KEY (cause)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE attempts (
	delivery_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	action VARCHAR(10) NOT NULL, 
	"key" VARCHAR(32) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	node VARCHAR(100) NOT NULL, 
	started_at BIGINT NOT NULL, 
	lease_until BIGINT NOT NULL, 
	ended_at BIGINT, 
	outcome VARCHAR(20), 
	evidence TEXT NOT NULL, rehearsal BOOLEAN DEFAULT 0 NOT NULL, account TEXT DEFAULT '' NOT NULL, bytes_sent BIGINT, bytes_total BIGINT, process VARCHAR(200) DEFAULT '' NOT NULL, gone_at BIGINT, 
	CONSTRAINT pk_attempts PRIMARY KEY (delivery_id, number), 
	CONSTRAINT ck_attempts_ended CHECK ((ended_at IS NULL) = (outcome IS NULL)), 
	CONSTRAINT fk_attempts_delivery_id FOREIGN KEY(delivery_id) REFERENCES deliveries (id)
);
INSERT INTO "attempts" VALUES(1,1,'publish','cac6944318a291da3f7b722af6d9fcb3','898a4b724908952ec3a5fa056acea8c7763be5d30fad3e4d4dbaebe0739379d6','vm:6825:f8eab3',1795957136664262,1795957256664262,1795957137757254,'published','action/01-post.html sha256:f11597f3bbb3692bea4628b7d11f30f7be66e29c67ca074f7bfcbdbca232adec',0,'site www.example.gov.cn/action public',NULL,NULL,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 6825 324364',NULL);
INSERT INTO "attempts" VALUES(2,1,'publish','4c52df2278c51aaa41ef5420f49bd00f','bcdeb9ce702f1ccdbe11c7a7baf3f247cb84c4437524934f32b1f6225337030b','vm:6825:f8eab3',1795957136664262,1795957256664262,1795957137507304,'accepted','交接包已备好：var/handover/2026-11-29-pack-01-post-4c52df22。请打开其中的 index.html，按步骤人工发布，再登记公开地址（xuanfa resolve 编号 --published 网址）',0,'manual var/handover (pack)',NULL,NULL,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 6825 324364',NULL);
INSERT INTO "attempts" VALUES(4,1,'publish','692305139ff2871508f127c82cbae74f','7ad9ee653aed9a4bac1bedbe95906644c8831137cdaaf2831d09e00610350702','vm:6825:f8eab3',1795957137838146,1795957257838146,1795957137969286,'published','{"ok": true, "id": "c7b6909b6e155d65", "url": "https://rehearsal.invalid/posts/c7b6909b6e155d65"}',1,'webhook 127.0.0.1:19 #81394c579211',NULL,NULL,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 6825 324364',NULL);
INSERT INTO "attempts" VALUES(3,1,'publish','6992df6dc98e636b5534c82d5ab767aa','7ad9ee653aed9a4bac1bedbe95906644c8831137cdaaf2831d09e00610350702','vm:6825:f8eab3',1795957137838146,1795957257838146,1795957138373217,'unsent','连不上（对方没有在这个端口上服务）；942 字节中只有 0 字节离开本机，对方不可能收全',0,'webhook 127.0.0.1:9 #d43f7fe74c32',0,942,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 6825 324364',NULL);
INSERT INTO "attempts" VALUES(5,1,'publish','7e68f94887f5ada490dc058ffe53e0e2','0ec987e0037eb15138fd47bed1354c7501e7f3b96594846e4af28ab6e91090f5','vm:6825:f8eab3',1795957138373217,1795957258373217,1795957138585227,'published','action/02-post.html sha256:3ba7045bcea3a09ddbb6bcd253e88b55c87c66d17306a9dceda226b1a0ba0b23',0,'site www.example.gov.cn/action public',NULL,NULL,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 6825 324364',NULL);
INSERT INTO "attempts" VALUES(9,1,'publish','f3556322697b7219a4162bc6b6d7aa73','4df7b05e648cb45da6e4664c3da42c90a84a7a655d83ad19b1e3faf5cbae137c','vm:6825:f8eab3',1795957138373217,1795957258373217,1795957138852075,'published','action/03-post.html sha256:a731d0252d22600607cb0eb9b9a19fd778531648b9d3d36bb48772a2236a55bb',0,'site www.example.gov.cn/action public',NULL,NULL,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 6825 324364',NULL);
INSERT INTO "attempts" VALUES(6,1,'publish','1e7bc39f4493300a5d85106341abafd4','98cb03c2329887a28abe40fe2ef2691608dc156b6604be75541370a9b6628c95','vm:6825:f8eab3',1795957138373217,1795957258373217,1795957138585227,'accepted','交接包已备好：var/handover/2026-11-29-pack-02-post-1e7bc39f。请打开其中的 index.html，按步骤人工发布，再登记公开地址（xuanfa resolve 编号 --published 网址）',0,'manual var/handover (pack)',NULL,NULL,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 6825 324364',NULL);
INSERT INTO "attempts" VALUES(10,1,'publish','244726fec6d794fa0cf9adba0cca1dde','2f76f13362ada2517d2412f410e2de6ad881687e14f924d12a740b14f80dc547','vm:6825:f8eab3',1795957138373217,1795957258373217,1795957138729355,'accepted','交接包已备好：var/handover/2026-11-29-pack-03-post-244726fe。请打开其中的 index.html，按步骤人工发布，再登记公开地址（xuanfa resolve 编号 --published 网址）',0,'manual var/handover (pack)',NULL,NULL,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 6825 324364',NULL);
INSERT INTO "attempts" VALUES(8,1,'publish','451ccff604c4e610f7c48de239b6ccbe','345ce6b344855b241eacda450b4add6d99201801359d5bef18d270406eb6c905','vm:6825:f8eab3',1795957138729355,1795957258729355,1795957138806594,'published','{"ok": true, "id": "7ef607ce6235df70", "url": "https://rehearsal.invalid/posts/7ef607ce6235df70"}',1,'webhook 127.0.0.1:19 #81394c579211',NULL,NULL,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 6825 324364',NULL);
INSERT INTO "attempts" VALUES(7,1,'publish','0fd4471bc9c4f828b6dd47a21b405b0b','345ce6b344855b241eacda450b4add6d99201801359d5bef18d270406eb6c905','vm:6825:f8eab3',1795957138729355,1795957258729355,1795957138806594,'unsent','连不上（对方没有在这个端口上服务）；942 字节中只有 0 字节离开本机，对方不可能收全',0,'webhook 127.0.0.1:9 #d43f7fe74c32',0,942,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 6825 324364',NULL);
INSERT INTO "attempts" VALUES(12,1,'publish','1491d6506d781219d86e391a1b0cad75','fa005cd528ee9a6ffbf12c715aba8a6c9aed4269485fca7bfe0f6bd42897fd5a','vm:6825:f8eab3',1795957138902952,1795957258902952,1795957138959799,'published','{"ok": true, "id": "8ab8ba54dcd87398", "url": "https://rehearsal.invalid/posts/8ab8ba54dcd87398"}',1,'webhook 127.0.0.1:19 #81394c579211',NULL,NULL,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 6825 324364',NULL);
INSERT INTO "attempts" VALUES(11,1,'publish','b68bfd30fe370a9b7e94e95aa414a053','fa005cd528ee9a6ffbf12c715aba8a6c9aed4269485fca7bfe0f6bd42897fd5a','vm:6825:f8eab3',1795957138902952,1795957258902952,1795957139001380,'unsent','连不上（对方没有在这个端口上服务）；942 字节中只有 0 字节离开本机，对方不可能收全',0,'webhook 127.0.0.1:9 #d43f7fe74c32',0,942,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 6825 324364',NULL);
INSERT INTO "attempts" VALUES(1,2,'retract','cac6944318a291da3f7b722af6d9fcb3','898a4b724908952ec3a5fa056acea8c7763be5d30fad3e4d4dbaebe0739379d6','vm:7085:6a912c',1795957153206448,1795957273206448,1795957153807977,'retracted','页面已换成撤回说明，列表、订阅和站点地图已去除',0,'site www.example.gov.cn/action public',NULL,NULL,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 7085 326907',NULL);
INSERT INTO "attempts" VALUES(21,1,'publish','79de793f7f106046d4e5824ee8bb0f8f','141b32da988f8431e6277169c7c0f6dc6c1dce3e9819a21fac91ccb9aa7b6aea','vm:7143:24ada6',1795957162902985,1795957282902985,1795957163422231,'published','action/04-post.html sha256:d9bf553377901cf272602605babaea0e3e25336a304e3da168353d06a88afb04',0,'site www.example.gov.cn/action public',NULL,NULL,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 7143 327311',NULL);
INSERT INTO "attempts" VALUES(22,1,'publish','ab427a9b802d5d8f53d5c001a6de8849','42b1b945c941721246a6bf1cbf832fcd0c0a7d36bfa21fa0cf230fd1b32b5e9c','vm:7143:24ada6',1795957162902985,1795957282902985,1795957163182228,'accepted','the pack is ready: var/handover/2026-11-29-pack-04-post-ab427a9b. Open its index.html, publish by hand, then enter the address with xuanfa resolve',0,'manual var/handover (pack)',NULL,NULL,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 7143 327311',NULL);
INSERT INTO "attempts" VALUES(23,1,'publish','fd022cacbe8f11f8fdd5e8d615b7d226','7f498b86f98872fee28911ebb9ccf0c487d13d3ed09a5a5aef0b78ba2b201a8c','vm:7143:24ada6',1795957163422231,1795957283422231,1795957163809185,'unsent','ConnectError: [Errno 111] Connection refused; only 0 of 942 bytes left this machine: the other side cannot have all of it',0,'webhook 127.0.0.1:9 #d43f7fe74c32',0,942,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 7143 327311',NULL);
INSERT INTO "attempts" VALUES(24,1,'publish','e02af5ab4505f9d65502507bf596fc41','7f498b86f98872fee28911ebb9ccf0c487d13d3ed09a5a5aef0b78ba2b201a8c','vm:7143:24ada6',1795957163422231,1795957283422231,1795957163837368,'published','{"ok": true, "id": "133f6ef46a167608", "url": "https://rehearsal.invalid/posts/133f6ef46a167608"}',1,'webhook 127.0.0.1:19 #81394c579211',NULL,NULL,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 7143 327311',NULL);
INSERT INTO "attempts" VALUES(11,2,'publish','b68bfd30fe370a9b7e94e95aa414a053','fa005cd528ee9a6ffbf12c715aba8a6c9aed4269485fca7bfe0f6bd42897fd5a','vm:7291:98a8f3',1795957168022403,1795957288022403,1795957168241532,'unsent','ConnectError: [Errno 111] Connection refused; only 0 of 942 bytes left this machine: the other side cannot have all of it',0,'webhook 127.0.0.1:9 #d43f7fe74c32',0,942,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 7291 328326',NULL);
INSERT INTO "attempts" VALUES(7,2,'publish','0fd4471bc9c4f828b6dd47a21b405b0b','345ce6b344855b241eacda450b4add6d99201801359d5bef18d270406eb6c905','vm:7291:98a8f3',1795957168259639,1795957288259639,1795957168272736,'unsent','ConnectError: [Errno 111] Connection refused; only 0 of 942 bytes left this machine: the other side cannot have all of it',0,'webhook 127.0.0.1:9 #d43f7fe74c32',0,942,'bfba55a657889859 039fb89f-6beb-4779-bffc-5ce10abff2fa 4026531836/4026531834 7291 328326',NULL);
CREATE TABLE channel_states (
	channel VARCHAR(100) NOT NULL, 
	paused_at BIGINT, 
	deferred_until BIGINT, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_channel_states PRIMARY KEY (channel)
);
INSERT INTO "channel_states" VALUES('group',1795957171321937,NULL,'维护');
INSERT INTO "channel_states" VALUES('pack',1795957175107979,NULL,'busy');
CREATE TABLE deliveries (
	id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	column_id VARCHAR(100) NOT NULL, 
	channel VARCHAR(100) NOT NULL, 
	kind VARCHAR(100) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	reason TEXT NOT NULL, 
	rehearsal BOOLEAN NOT NULL, 
	rendition_id INTEGER, 
	digest VARCHAR(64) NOT NULL, 
	"key" VARCHAR(32) NOT NULL, 
	due_at BIGINT NOT NULL, 
	ready_at BIGINT NOT NULL, 
	fresh_at BIGINT NOT NULL, 
	expires_at BIGINT, 
	tries INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	first_sent_at BIGINT, 
	waiting BOOLEAN NOT NULL, 
	ticket TEXT NOT NULL, 
	staged TEXT NOT NULL, 
	look_at BIGINT, 
	looks INTEGER NOT NULL, 
	absent_at BIGINT, restored BOOLEAN DEFAULT 0 NOT NULL, account TEXT DEFAULT '' NOT NULL, hold VARCHAR(20) DEFAULT '' NOT NULL, twin INTEGER, 
	CONSTRAINT pk_deliveries PRIMARY KEY (id), 
	CONSTRAINT ck_deliveries_state CHECK (state IN ('scheduled', 'publishing', 'accepted', 'published', 'unknown', 'rejected', 'failed', 'held', 'cancelled', 'retracting', 'retracted')), 
	CONSTRAINT ck_deliveries_frozen CHECK (state NOT IN ('scheduled', 'publishing') OR rendition_id IS NOT NULL), 
	CONSTRAINT fk_deliveries_post_id FOREIGN KEY(post_id) REFERENCES posts (id), 
	CONSTRAINT fk_deliveries_rendition_id FOREIGN KEY(rendition_id) REFERENCES renditions (id), 
	CONSTRAINT uq_deliveries_post_id_channel UNIQUE (post_id, channel)
);
INSERT INTO "deliveries" VALUES(1,1,1,'action','site','site','retracted','',0,1,'898a4b724908952ec3a5fa056acea8c7763be5d30fad3e4d4dbaebe0739379d6','cac6944318a291da3f7b722af6d9fcb3',1795957136569880,1795957136569880,1795957136569880,NULL,1,2,1795957136664262,0,'','',NULL,0,NULL,0,'site www.example.gov.cn/action public','',0);
INSERT INTO "deliveries" VALUES(2,1,1,'action','pack','manual','accepted','交接包已备好：var/handover/2026-11-29-pack-01-post-4c52df22。请打开其中的 index.html，按步骤人工发布，再登记公开地址（xuanfa resolve 编号 --published 网址）',0,2,'bcdeb9ce702f1ccdbe11c7a7baf3f247cb84c4437524934f32b1f6225337030b','4c52df2278c51aaa41ef5420f49bd00f',1795957136569880,1795957136569880,1795957136569880,NULL,1,1,1795957136664262,0,'2026-11-29-pack-01-post-4c52df22','',NULL,0,NULL,0,'manual var/handover (pack)','',0);
INSERT INTO "deliveries" VALUES(3,1,1,'action','group','webhook','scheduled','连不上（对方没有在这个端口上服务）；942 字节中只有 0 字节离开本机，对方不可能收全',0,3,'7ad9ee653aed9a4bac1bedbe95906644c8831137cdaaf2831d09e00610350702','6992df6dc98e636b5534c82d5ab767aa',1795957136569880,1795957166160739,1795957136569880,NULL,1,1,NULL,1,'','',NULL,0,NULL,0,'webhook 127.0.0.1:9 #d43f7fe74c32','',0);
INSERT INTO "deliveries" VALUES(4,1,1,'action','gone','webhook','published','',1,4,'7ad9ee653aed9a4bac1bedbe95906644c8831137cdaaf2831d09e00610350702','692305139ff2871508f127c82cbae74f',1795957136569880,1795957136569880,1795957136569880,NULL,1,1,1795957137838146,0,'','',NULL,0,NULL,0,'webhook 127.0.0.1:19 #81394c579211','',0);
INSERT INTO "deliveries" VALUES(5,2,1,'action','site','site','published','',0,5,'0ec987e0037eb15138fd47bed1354c7501e7f3b96594846e4af28ab6e91090f5','7e68f94887f5ada490dc058ffe53e0e2',1795957138008527,1795957138008527,1795957138008527,NULL,1,1,1795957138373217,0,'','',NULL,0,NULL,0,'site www.example.gov.cn/action public','',0);
INSERT INTO "deliveries" VALUES(6,2,1,'action','pack','manual','accepted','交接包已备好：var/handover/2026-11-29-pack-02-post-1e7bc39f。请打开其中的 index.html，按步骤人工发布，再登记公开地址（xuanfa resolve 编号 --published 网址）',0,6,'98cb03c2329887a28abe40fe2ef2691608dc156b6604be75541370a9b6628c95','1e7bc39f4493300a5d85106341abafd4',1795957138008527,1795957138008527,1795957138008527,NULL,1,1,1795957138373217,0,'2026-11-29-pack-02-post-1e7bc39f','',NULL,0,NULL,0,'manual var/handover (pack)','',0);
INSERT INTO "deliveries" VALUES(7,2,1,'action','group','webhook','scheduled','ConnectError: [Errno 111] Connection refused; only 0 of 942 bytes left this machine: the other side cannot have all of it',0,7,'345ce6b344855b241eacda450b4add6d99201801359d5bef18d270406eb6c905','0fd4471bc9c4f828b6dd47a21b405b0b',1795957138008527,1795957272451520,1795957138008527,NULL,2,2,NULL,0,'','',NULL,0,NULL,0,'webhook 127.0.0.1:9 #d43f7fe74c32','',0);
INSERT INTO "deliveries" VALUES(8,2,1,'action','gone','webhook','published','',1,8,'345ce6b344855b241eacda450b4add6d99201801359d5bef18d270406eb6c905','451ccff604c4e610f7c48de239b6ccbe',1795957138008527,1795957138008527,1795957138008527,NULL,1,1,1795957138729355,0,'','',NULL,0,NULL,0,'webhook 127.0.0.1:19 #81394c579211','',0);
INSERT INTO "deliveries" VALUES(9,3,1,'action','site','site','published','',0,9,'4df7b05e648cb45da6e4664c3da42c90a84a7a655d83ad19b1e3faf5cbae137c','f3556322697b7219a4162bc6b6d7aa73',1795957138096864,1795957138096864,1795957138096864,NULL,1,1,1795957138373217,0,'','',NULL,0,NULL,0,'site www.example.gov.cn/action public','',0);
INSERT INTO "deliveries" VALUES(10,3,1,'action','pack','manual','accepted','交接包已备好：var/handover/2026-11-29-pack-03-post-244726fe。请打开其中的 index.html，按步骤人工发布，再登记公开地址（xuanfa resolve 编号 --published 网址）',0,10,'2f76f13362ada2517d2412f410e2de6ad881687e14f924d12a740b14f80dc547','244726fec6d794fa0cf9adba0cca1dde',1795957138096864,1795957138096864,1795957138096864,NULL,1,1,1795957138373217,0,'2026-11-29-pack-03-post-244726fe','',NULL,0,NULL,0,'manual var/handover (pack)','',0);
INSERT INTO "deliveries" VALUES(11,3,1,'action','group','webhook','scheduled','ConnectError: [Errno 111] Connection refused; only 0 of 942 bytes left this machine: the other side cannot have all of it',0,11,'fa005cd528ee9a6ffbf12c715aba8a6c9aed4269485fca7bfe0f6bd42897fd5a','b68bfd30fe370a9b7e94e95aa414a053',1795957138096864,1795957302240211,1795957138096864,NULL,2,2,NULL,0,'','',NULL,0,NULL,0,'webhook 127.0.0.1:9 #d43f7fe74c32','',0);
INSERT INTO "deliveries" VALUES(12,3,1,'action','gone','webhook','published','',1,12,'fa005cd528ee9a6ffbf12c715aba8a6c9aed4269485fca7bfe0f6bd42897fd5a','1491d6506d781219d86e391a1b0cad75',1795957138096864,1795957138096864,1795957138096864,NULL,1,1,1795957138902952,0,'','',NULL,0,NULL,0,'webhook 127.0.0.1:19 #81394c579211','',0);
INSERT INTO "deliveries" VALUES(13,4,1,'action','site','site','held','its file posts/05-post.md is gone (deleted, renamed or moved), and it was not sent. Cancel it, or put the file back, and it goes on by itself; to publish it as it was last read, release it',0,13,'bda4dedd88d2739217a3ecaee420269ca8d2f9bde7ee123d472fe438e0dab311','a7cbc29ac4d53e8524417edc2b536000',4070912400000000,4070912400000000,4070912400000000,NULL,0,0,NULL,0,'','',NULL,0,NULL,0,'site www.example.gov.cn/action public','file',0);
INSERT INTO "deliveries" VALUES(14,4,1,'action','pack','manual','held','its file posts/05-post.md is gone (deleted, renamed or moved), and it was not sent. Cancel it, or put the file back, and it goes on by itself; to publish it as it was last read, release it',0,14,'99882ea0607402cabbe7b44c35204187f81cf83d5c224c16380aee040c508e63','ade6aacfbdd29b97e33aec28163793ea',4070912400000000,4070912400000000,4070912400000000,NULL,0,0,NULL,0,'','',NULL,0,NULL,0,'manual var/handover (pack)','file',0);
INSERT INTO "deliveries" VALUES(15,4,1,'action','group','webhook','cancelled','not needed',0,15,'08aa22edb944a0dc119997fd53415f2387a12d3e81541e3f753384543073489e','11e3ba56259e3345fceabe8bd9c540b4',4070912400000000,4070912400000000,4070912400000000,NULL,0,0,NULL,1,'','',NULL,0,NULL,0,'webhook 127.0.0.1:9 #d43f7fe74c32','',0);
INSERT INTO "deliveries" VALUES(16,4,1,'action','gone','webhook','held','its file posts/05-post.md is gone (deleted, renamed or moved), and it was not sent. Cancel it, or put the file back, and it goes on by itself; to publish it as it was last read, release it',1,16,'08aa22edb944a0dc119997fd53415f2387a12d3e81541e3f753384543073489e','9c9cca43e3f49f6308cdffd54c0538fd',4070912400000000,4070912400000000,4070912400000000,NULL,0,0,NULL,1,'','',NULL,0,NULL,0,'webhook 127.0.0.1:19 #81394c579211','file',0);
INSERT INTO "deliveries" VALUES(17,5,1,'action','site','site','held','稿头写的发布时间 2020-01-01 09:00 +08:00 已经过去，是不是写错了？改正 publish_at 后保存；确实要现在发，就放行（xuanfa release 编号）',0,17,'4da85e7d4e62ed072803c228b07f9fcb9608db256e7f9f17d767420a681c3191','cc67169152b46f5237bbb56b7a33f5fe',1577840400000000,1577840400000000,1795957138668438,NULL,0,0,NULL,0,'','',NULL,0,NULL,0,'site www.example.gov.cn/action public','time',NULL);
INSERT INTO "deliveries" VALUES(18,5,1,'action','pack','manual','held','稿头写的发布时间 2020-01-01 09:00 +08:00 已经过去，是不是写错了？改正 publish_at 后保存；确实要现在发，就放行（xuanfa release 编号）',0,18,'42621f5dab8a73ff9f666504dfcc4f32b442281995f240ff53847939964da5f0','702431db9429437ee0a839d201f9487b',1577840400000000,1577840400000000,1795957138668438,NULL,0,0,NULL,0,'','',NULL,0,NULL,0,'manual var/handover (pack)','time',NULL);
INSERT INTO "deliveries" VALUES(19,5,1,'action','group','webhook','held','稿头写的发布时间 2020-01-01 09:00 +08:00 已经过去，是不是写错了？改正 publish_at 后保存；确实要现在发，就放行（xuanfa release 编号）',0,19,'df1227941e32b0ec5b44cf8f79ef9e7b8e45aad16b252567662d752b37c80ec3','030593e796983093e0985a7182004b49',1577840400000000,1577840400000000,1795957138668438,NULL,0,0,NULL,1,'','',NULL,0,NULL,0,'webhook 127.0.0.1:9 #d43f7fe74c32','time',NULL);
INSERT INTO "deliveries" VALUES(20,5,1,'action','gone','webhook','held','稿头写的发布时间 2020-01-01 09:00 +08:00 已经过去，是不是写错了？改正 publish_at 后保存；确实要现在发，就放行（xuanfa release 编号）',1,20,'df1227941e32b0ec5b44cf8f79ef9e7b8e45aad16b252567662d752b37c80ec3','c80c07dfa000a217106cd6ebd65d144a',1577840400000000,1577840400000000,1795957138668438,NULL,0,0,NULL,1,'','',NULL,0,NULL,0,'webhook 127.0.0.1:19 #81394c579211','time',NULL);
INSERT INTO "deliveries" VALUES(21,6,1,'action','site','site','published','',0,21,'141b32da988f8431e6277169c7c0f6dc6c1dce3e9819a21fac91ccb9aa7b6aea','79de793f7f106046d4e5824ee8bb0f8f',1795957162870075,1795957162870075,1795957162870075,NULL,1,1,1795957162902985,0,'','',NULL,0,NULL,0,'site www.example.gov.cn/action public','',0);
INSERT INTO "deliveries" VALUES(22,6,1,'action','pack','manual','accepted','the pack is ready: var/handover/2026-11-29-pack-04-post-ab427a9b. Open its index.html, publish by hand, then enter the address with xuanfa resolve',0,22,'42b1b945c941721246a6bf1cbf832fcd0c0a7d36bfa21fa0cf230fd1b32b5e9c','ab427a9b802d5d8f53d5c001a6de8849',1795957162870075,1795957162870075,1795957162870075,NULL,1,1,1795957162902985,0,'2026-11-29-pack-04-post-ab427a9b','',NULL,0,NULL,0,'manual var/handover (pack)','',0);
INSERT INTO "deliveries" VALUES(23,6,1,'action','group','webhook','scheduled','ConnectError: [Errno 111] Connection refused; only 0 of 942 bytes left this machine: the other side cannot have all of it',0,23,'7f498b86f98872fee28911ebb9ccf0c487d13d3ed09a5a5aef0b78ba2b201a8c','fd022cacbe8f11f8fdd5e8d615b7d226',1795957162870075,1795957189851219,1795957162870075,NULL,1,1,NULL,0,'','',NULL,0,NULL,0,'webhook 127.0.0.1:9 #d43f7fe74c32','',0);
INSERT INTO "deliveries" VALUES(24,6,1,'action','gone','webhook','published','',1,24,'7f498b86f98872fee28911ebb9ccf0c487d13d3ed09a5a5aef0b78ba2b201a8c','e02af5ab4505f9d65502507bf596fc41',1795957162870075,1795957162870075,1795957162870075,NULL,1,1,1795957163422231,0,'','',NULL,0,NULL,0,'webhook 127.0.0.1:19 #81394c579211','',0);
CREATE TABLE events (
	id INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	delivery_id INTEGER, 
	channel VARCHAR(100), 
	"before" VARCHAR(20), 
	"after" VARCHAR(20) NOT NULL, 
	attempt INTEGER, 
	actor VARCHAR(100) NOT NULL, 
	why TEXT NOT NULL, receipt VARCHAR(64), post_id INTEGER, revision INTEGER, proof VARCHAR(64), 
	CONSTRAINT pk_events PRIMARY KEY (id), 
	CONSTRAINT fk_events_delivery_id FOREIGN KEY(delivery_id) REFERENCES deliveries (id)
);
INSERT INTO "events" VALUES(1,1795957136547214,NULL,NULL,NULL,'revised',NULL,'vm:6825:f8eab3','巡回法庭进山村（第1篇）',NULL,1,1,'0b343066465e903ca12d2479a8abdb5a91c97d720d70844e30d9d468a85737e8');
INSERT INTO "events" VALUES(2,1795957136523186,1,'site',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'b07c64e6c68ca821bfafdb2a98adfd7fee97656a4b8078413aff462e02a85a30');
INSERT INTO "events" VALUES(3,1795957136523186,2,'pack',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'3625b9014f4ee2c42a12ccde1dff7f4019b72085bf574bfe24d7d92bf3e0fccb');
INSERT INTO "events" VALUES(4,1795957136523186,3,'group',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'26f1fbcc8746fb98ac37bbb9f9035bfb315fb2884dc261ceb7777d9e27a75b5a');
INSERT INTO "events" VALUES(5,1795957136523186,4,'gone',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'e33ea393f0dee37ede1f8d1790935f0ea0504ef2c51a3cabbf11b42ff7e8c4ab');
INSERT INTO "events" VALUES(6,1795957137507304,2,'pack','publishing','accepted',1,'vm:6825:f8eab3','交接包已备好：var/handover/2026-11-29-pack-01-post-4c52df22。请打开其中的 index.html，按步骤人工发布，再登记公开地址（xuanfa resolve 编号 --published 网址）',NULL,NULL,NULL,'a5e4feaebc412508454639c71aa4add74a2a28126dd79c7ec1717be1d4fc011c');
INSERT INTO "events" VALUES(7,1795957137757254,1,'site','publishing','published',1,'vm:6825:f8eab3','action/01-post.html sha256:f11597f3bbb3692bea4628b7d11f30f7be66e29c67ca074f7bfcbdbca232adec','277c19bc89b7f0337d1579c7befc9d1daf4560bc085cb0c21925244452545de1',NULL,NULL,'4af264b6bdb13616e3a0f6f8c779a16b44700d2bdf8cc462c6e6c991bce92425');
INSERT INTO "events" VALUES(8,1795957137969286,4,'gone','publishing','published',1,'vm:6825:f8eab3','{"ok": true, "id": "c7b6909b6e155d65", "url": "https://rehearsal.invalid/posts/c7b6909b6e155d65"}','86166d7d3733fefb4c6bf601ed847f32b2c3449d1fe8144eb72066a77a4c9c5f',NULL,NULL,'dfea564e1fcb699959fe0491a63da601071d47543e6cc1d10d85f46ff22db66f');
INSERT INTO "events" VALUES(9,1795957138007861,NULL,NULL,NULL,'revised',NULL,'vm:6825:f8eab3','巡回法庭进山村（第2篇）',NULL,2,1,'2c7ea1a3c9c7c940dc92ba571bee1fe8b91c0274a0263e21611252afc661df92');
INSERT INTO "events" VALUES(10,1795957138007401,5,'site',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'c045b0c3b0584438f6919333bcad1243ede6461e814ec07b2b0b3e989961c928');
INSERT INTO "events" VALUES(11,1795957138007401,6,'pack',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'0a86003972d01e5b2197d86ba5fa38ec0d0b4f7bade9dd3af4d1c4c3ec678c55');
INSERT INTO "events" VALUES(12,1795957138007401,7,'group',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'77175fe74fde3527c8c61c2d0c8daaed9f945375f6af5c709e7cb15ec867ce6b');
INSERT INTO "events" VALUES(13,1795957138007401,8,'gone',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'0d0d593a8bec8615b260640c8379a3c0409171a6c1a544af6eb38e0c00b48144');
INSERT INTO "events" VALUES(14,1795957138080586,NULL,NULL,NULL,'revised',NULL,'vm:6825:f8eab3','巡回法庭进山村（第3篇）',NULL,3,1,'91c48c7f51d9a528960d0fb74d9d46737ab100247099c28b8aa2adac952ade07');
INSERT INTO "events" VALUES(15,1795957138080146,9,'site',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'b45906f79222bb3c1e77c518a681e4832c32d9b69b6190e4dbf5f7f6b69ead81');
INSERT INTO "events" VALUES(16,1795957138080146,10,'pack',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'be29e1bd5868fb04763f6919687f53820e3296722e6581dddc633b8e0fe0bf38');
INSERT INTO "events" VALUES(17,1795957138080146,11,'group',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'babfd70cd5a57fe23583f6b4acced1b765d18147eacfb63fef024f056cdd282c');
INSERT INTO "events" VALUES(18,1795957138080146,12,'gone',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'c256d610f370766c7f9b8a9b1a17f04e936233a25e032fe0a629ed3ca57e69fc');
INSERT INTO "events" VALUES(19,1795957138137794,NULL,NULL,NULL,'revised',NULL,'vm:6825:f8eab3','巡回法庭进山村（第5篇）',NULL,4,1,'7246d0786e7b2e0296d3d3f98933116073ed5131628734da5943589e76aef6df');
INSERT INTO "events" VALUES(20,1795957138137377,13,'site',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'3d83ac50067a2286c911ae74873f5620478df42b764e12eb25a90b5de320ebf2');
INSERT INTO "events" VALUES(21,1795957138137377,14,'pack',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'1f8c4098c0bb2aa0a8271683ee7d64134600255075a830dbcea1079dd91775f4');
INSERT INTO "events" VALUES(22,1795957138137377,15,'group',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'62752a322c9862b1c78b45918eca1014aa74cf51e9a871f3f26787efa522f0b8');
INSERT INTO "events" VALUES(23,1795957138137377,16,'gone',NULL,'scheduled',NULL,'vm:6825:f8eab3','',NULL,NULL,1,'ad3449e6f346a9f59fd104c50db611f4881c708d0b02f8a08b6b01e396c081d0');
INSERT INTO "events" VALUES(24,1795957138373217,3,'group','publishing','scheduled',1,'vm:6825:f8eab3','连不上（对方没有在这个端口上服务）；942 字节中只有 0 字节离开本机，对方不可能收全',NULL,NULL,NULL,'ed5f94dd017813165fa8a259e372ae78aa6b1d16963b4901123e3aaa75d71094');
INSERT INTO "events" VALUES(25,1795957138585227,5,'site','publishing','published',1,'vm:6825:f8eab3','action/02-post.html sha256:3ba7045bcea3a09ddbb6bcd253e88b55c87c66d17306a9dceda226b1a0ba0b23','f491b64188c9f2aac409dfa9b5935fa42192b949e68afa4da6dbe979def714d4',NULL,NULL,'c60901aeef3711d7ae8a2d3b1cedfcc251b4e54db1c3fa1959b687e3323e7281');
INSERT INTO "events" VALUES(26,1795957138585227,6,'pack','publishing','accepted',1,'vm:6825:f8eab3','交接包已备好：var/handover/2026-11-29-pack-02-post-1e7bc39f。请打开其中的 index.html，按步骤人工发布，再登记公开地址（xuanfa resolve 编号 --published 网址）',NULL,NULL,NULL,'186ce759933f107747e45d52563c688c54b6dd8c02b5946b9e9d82ea9b2b37bf');
INSERT INTO "events" VALUES(27,1795957138673539,NULL,NULL,NULL,'revised',NULL,'vm:6825:f8eab3','巡回法庭进山村（第6篇）',NULL,5,1,'a11eeeddd2f0eb019a0fbdd7032271b24751d2f2dbfb705ef9d02160e3a90796');
INSERT INTO "events" VALUES(28,1795957138668438,17,'site',NULL,'held',NULL,'vm:6825:f8eab3','稿头写的发布时间 2020-01-01 09:00 +08:00 已经过去，是不是写错了？改正 publish_at 后保存；确实要现在发，就放行（xuanfa release 编号）',NULL,NULL,1,'f85ef1a398e6521f20f67a62d09eabc03f06106b03f5c101548a8fdc4390b4a4');
INSERT INTO "events" VALUES(29,1795957138668438,18,'pack',NULL,'held',NULL,'vm:6825:f8eab3','稿头写的发布时间 2020-01-01 09:00 +08:00 已经过去，是不是写错了？改正 publish_at 后保存；确实要现在发，就放行（xuanfa release 编号）',NULL,NULL,1,'6800a7221718991909a675b8aff8f5fc8ec048d021ecbb42385e008fd2a808df');
INSERT INTO "events" VALUES(30,1795957138668438,19,'group',NULL,'held',NULL,'vm:6825:f8eab3','稿头写的发布时间 2020-01-01 09:00 +08:00 已经过去，是不是写错了？改正 publish_at 后保存；确实要现在发，就放行（xuanfa release 编号）',NULL,NULL,1,'9dc5a1172d2e5097da24f146615984f6a204d0e93276493be07e95f9f80773d2');
INSERT INTO "events" VALUES(31,1795957138668438,20,'gone',NULL,'held',NULL,'vm:6825:f8eab3','稿头写的发布时间 2020-01-01 09:00 +08:00 已经过去，是不是写错了？改正 publish_at 后保存；确实要现在发，就放行（xuanfa release 编号）',NULL,NULL,1,'9ff89ccac19bfd0180d57ea9e83c14cd022a33d0597117894fcbf452788a9220');
INSERT INTO "events" VALUES(32,1795957138729355,10,'pack','publishing','accepted',1,'vm:6825:f8eab3','交接包已备好：var/handover/2026-11-29-pack-03-post-244726fe。请打开其中的 index.html，按步骤人工发布，再登记公开地址（xuanfa resolve 编号 --published 网址）',NULL,NULL,NULL,'fd36cf0dbfb0be663fde5d02db527ffdb0eab84a98846e927c6198cd84d4218b');
INSERT INTO "events" VALUES(33,1795957138806594,7,'group','publishing','scheduled',1,'vm:6825:f8eab3','连不上（对方没有在这个端口上服务）；942 字节中只有 0 字节离开本机，对方不可能收全',NULL,NULL,NULL,'37175312d9e601bece651282ab707e83b8022aa5f7a20afd3753b7364a49299c');
INSERT INTO "events" VALUES(34,1795957138806594,8,'gone','publishing','published',1,'vm:6825:f8eab3','{"ok": true, "id": "7ef607ce6235df70", "url": "https://rehearsal.invalid/posts/7ef607ce6235df70"}','a54fd7e4f6f81af69df6c827a080ee9886a3960f83126c0181dcd0161650513e',NULL,NULL,'2c03014dd774c54708aefb43ed4d4a996537a91b007d14dc8ca06648e176940c');
INSERT INTO "events" VALUES(35,1795957138852075,9,'site','publishing','published',1,'vm:6825:f8eab3','action/03-post.html sha256:a731d0252d22600607cb0eb9b9a19fd778531648b9d3d36bb48772a2236a55bb','8b8e19441da011415ca5437867b417dd082ed3eab40017885c286eeaec53ce57',NULL,NULL,'84f361dc413b1d8465b162377d997bc39a17c8e31db84a2aa9d5fc9c5aa4aafc');
INSERT INTO "events" VALUES(36,1795957138959799,12,'gone','publishing','published',1,'vm:6825:f8eab3','{"ok": true, "id": "8ab8ba54dcd87398", "url": "https://rehearsal.invalid/posts/8ab8ba54dcd87398"}','3415edb504af67e4c7674da958f91abe344e9f914058112556908e12dea406e7',NULL,NULL,'62b4afef69b81b55d0b1b3dcafafba8cce3945cc9901b6f125a62f8af79c81d7');
INSERT INTO "events" VALUES(37,1795957139001380,11,'group','publishing','scheduled',1,'vm:6825:f8eab3','连不上（对方没有在这个端口上服务）；942 字节中只有 0 字节离开本机，对方不可能收全',NULL,NULL,NULL,'d915942424930b2bffc3adf33a716e8ba00a09eae5d9e895b4aa9a709f902a7b');
INSERT INTO "events" VALUES(38,1795957139941548,NULL,NULL,NULL,'identity',NULL,'vm:6825:f8eab3','',NULL,NULL,NULL,'15fd478651e974fd66477f149b5ad2ca058cd5610cee65da86c082f26fce856e');
INSERT INTO "events" VALUES(39,1795957149842748,15,'group','scheduled','cancelled',0,'root','not needed',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES(40,1795957153206448,1,'site','published','retracting',2,'root','写错了',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES(41,1795957153807977,1,'site','retracting','retracted',2,'vm:7085:6a912c','页面已换成撤回说明，列表、订阅和站点地图已去除',NULL,NULL,NULL,'b0a9c02bd2c4b83f9aa742ddab4094febc01c4d9f148e63fcc915478485f4781');
INSERT INTO "events" VALUES(42,1795957162852571,NULL,NULL,NULL,'revised',NULL,'vm:7143:24ada6','巡回法庭进山村（第4篇）',NULL,6,1,'21af2f181bb7a6039496033a35621ec74b1f6bbff40fafcddbd7a79c44a278e9');
INSERT INTO "events" VALUES(43,1795957162819001,21,'site',NULL,'scheduled',NULL,'vm:7143:24ada6','',NULL,NULL,1,'f6e159be3c7eaf03159590742f7040f824c165584c74489fd6a3b468d5286e18');
INSERT INTO "events" VALUES(44,1795957162819001,22,'pack',NULL,'scheduled',NULL,'vm:7143:24ada6','',NULL,NULL,1,'d3c1d5c2141ffb30b724f00891b64531b8a26b097201f7e8bec71915f6da4bec');
INSERT INTO "events" VALUES(45,1795957162819001,23,'group',NULL,'scheduled',NULL,'vm:7143:24ada6','',NULL,NULL,1,'7255e39ac2c5ec67f719908f6b7dceada2837a5f23a1ae60de0e8921d89e32b9');
INSERT INTO "events" VALUES(46,1795957162819001,24,'gone',NULL,'scheduled',NULL,'vm:7143:24ada6','',NULL,NULL,1,'87f415122cb7333159eb15d44eee5fd7a39c4706286cf072cd7a02c50af4218f');
INSERT INTO "events" VALUES(47,1795957163182228,22,'pack','publishing','accepted',1,'vm:7143:24ada6','the pack is ready: var/handover/2026-11-29-pack-04-post-ab427a9b. Open its index.html, publish by hand, then enter the address with xuanfa resolve',NULL,NULL,NULL,'b175f7f457ea2749b535670541b6b0c9f53898636dd92191eb5c83f2004bf0fa');
INSERT INTO "events" VALUES(48,1795957163422231,21,'site','publishing','published',1,'vm:7143:24ada6','action/04-post.html sha256:d9bf553377901cf272602605babaea0e3e25336a304e3da168353d06a88afb04','f8406e37dcf39022558b336e69a91bbaccd351b170f786f779519276b76ae368',NULL,NULL,'d896aad29089a5bf45762913af30f8b1f7e4d711699e65a10e55bccd5682587a');
INSERT INTO "events" VALUES(49,1795957163809185,23,'group','publishing','scheduled',1,'vm:7143:24ada6','ConnectError: [Errno 111] Connection refused; only 0 of 942 bytes left this machine: the other side cannot have all of it',NULL,NULL,NULL,'8ffcadd69d653b1f8d5a01599f170302b5f9ec10841e10de76f2888288196ab0');
INSERT INTO "events" VALUES(50,1795957163837368,24,'gone','publishing','published',1,'vm:7143:24ada6','{"ok": true, "id": "133f6ef46a167608", "url": "https://rehearsal.invalid/posts/133f6ef46a167608"}','3048b8c9701fb0744c59657bd07f7557517ac603f46738704f4640000ad51777',NULL,NULL,'a8a7f2ff254a3d655b66d7d814c100df1717d2a98e0fc728fe008ce1ef3a6087');
INSERT INTO "events" VALUES(51,1795957167837387,13,'site','scheduled','held',0,'vm:7291:98a8f3','its file posts/05-post.md is gone (deleted, renamed or moved), and it was not sent. Cancel it, or put the file back, and it goes on by itself; to publish it as it was last read, release it',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES(52,1795957167837387,14,'pack','scheduled','held',0,'vm:7291:98a8f3','its file posts/05-post.md is gone (deleted, renamed or moved), and it was not sent. Cancel it, or put the file back, and it goes on by itself; to publish it as it was last read, release it',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES(53,1795957167837387,16,'gone','scheduled','held',0,'vm:7291:98a8f3','its file posts/05-post.md is gone (deleted, renamed or moved), and it was not sent. Cancel it, or put the file back, and it goes on by itself; to publish it as it was last read, release it',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES(54,1795957168241532,11,'group','publishing','scheduled',2,'vm:7291:98a8f3','ConnectError: [Errno 111] Connection refused; only 0 of 942 bytes left this machine: the other side cannot have all of it',NULL,NULL,NULL,'749bb2fea6789c6dd548487ae65138c29d6075ac677208ffb4c7448f6ab09737');
INSERT INTO "events" VALUES(55,1795957168272736,7,'group','publishing','scheduled',2,'vm:7291:98a8f3','ConnectError: [Errno 111] Connection refused; only 0 of 942 bytes left this machine: the other side cannot have all of it',NULL,NULL,NULL,'747509927491aeefec5de73752c651978732134f9f3d640f4b3e3c23f598804a');
INSERT INTO "events" VALUES(56,1795957171321937,NULL,'group',NULL,'paused',NULL,'root','维护',NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES(57,1795957175107979,NULL,'pack',NULL,'paused',NULL,'root','busy',NULL,NULL,NULL,NULL);
CREATE TABLE files (
	path VARCHAR(500) NOT NULL, 
	size BIGINT NOT NULL, 
	changed_ns BIGINT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	post_id INTEGER, 
	problems TEXT NOT NULL, 
	read_at BIGINT NOT NULL, crashes INTEGER DEFAULT '0' NOT NULL, program VARCHAR(40) DEFAULT '' NOT NULL, parts TEXT DEFAULT '' NOT NULL, making VARCHAR(64) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_files PRIMARY KEY (path), 
	CONSTRAINT fk_files_post_id FOREIGN KEY(post_id) REFERENCES posts (id)
);
INSERT INTO "files" VALUES('posts/01-post.md',232,1795957000939416212,'4ec0388cdab2ef27d2ccd51b99d7b9246ed761e4fa3d88f16257ec196e9f4c92',1,'',1795957136523186,0,'','','b403871f785a56db44eb9c943489f779823de4debdcd328eccc0062e929f2033');
INSERT INTO "files" VALUES('posts/02-post.md',232,1795957000949286569,'5c29e8347658f03878288bddcde5df294135b157b0812f815a78f35e18387bb9',2,'',1795957138007401,0,'','','b403871f785a56db44eb9c943489f779823de4debdcd328eccc0062e929f2033');
INSERT INTO "files" VALUES('posts/03-post.md',232,1795957000961286569,'75b82ccff1f4bf829ae62906b80dfb720f77b35090d96fceee39084bf3dac709',3,'',1795957138080146,0,'','','b403871f785a56db44eb9c943489f779823de4debdcd328eccc0062e929f2033');
INSERT INTO "files" VALUES('posts/06-post.md',245,1795957001010960277,'782624388a786ba10685cf28dc619aa477d45f0c1cf2c3190ffcb0c9369bb830',5,'',1795957138668438,0,'','','b403871f785a56db44eb9c943489f779823de4debdcd328eccc0062e929f2033');
INSERT INTO "files" VALUES('posts/04-post.md',232,1795957000974332126,'e5179b4962bc49984151e641f64d688286c8a60af2b8d45edcfaad9d1d73dc98',6,'',1795957162819001,0,'','','b403871f785a56db44eb9c943489f779823de4debdcd328eccc0062e929f2033');
CREATE TABLE identity (
	id INTEGER NOT NULL, 
	"database" VARCHAR(32) NOT NULL, 
	workspace VARCHAR(32) NOT NULL, 
	salt VARCHAR(64) NOT NULL, 
	accounted TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_identity PRIMARY KEY (id), 
	CONSTRAINT ck_identity_one CHECK (id = 1)
);
INSERT INTO "identity" VALUES(1,'855294526acbf7f3fab7f4776fe78a59','8dc43569f4286c961374783eeb2f1764','83a498387b355465be897b8a2fc960eb506629bd41138568a0c6eaf024e0882b','');
CREATE TABLE late_proofs (
	id INTEGER NOT NULL, 
	delivery_id INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	action VARCHAR(10) NOT NULL, 
	at BIGINT NOT NULL, 
	rehearsal BOOLEAN NOT NULL, 
	remote_id TEXT, 
	address TEXT, 
	evidence TEXT NOT NULL, 
	overruled_at BIGINT, 
	CONSTRAINT pk_late_proofs PRIMARY KEY (id), 
	CONSTRAINT fk_late_proofs_delivery_id FOREIGN KEY(delivery_id) REFERENCES deliveries (id)
);
CREATE TABLE nodes (
	name VARCHAR(100) NOT NULL, 
	role VARCHAR(20) NOT NULL, 
	version VARCHAR(40) NOT NULL, 
	channels TEXT NOT NULL, 
	started_at BIGINT NOT NULL, 
	seen_at BIGINT NOT NULL, process VARCHAR(200) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_nodes PRIMARY KEY (name)
);
CREATE TABLE pace (
	id INTEGER NOT NULL, 
	budget VARCHAR(200) NOT NULL, 
	spent_at BIGINT NOT NULL, 
	CONSTRAINT pk_pace PRIMARY KEY (id)
);
CREATE TABLE posts (
	id INTEGER NOT NULL, 
	slug VARCHAR(200) NOT NULL, 
	path VARCHAR(500) NOT NULL, 
	revision INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	column_id VARCHAR(100) NOT NULL, 
	department VARCHAR(200) NOT NULL, 
	queued_at BIGINT NOT NULL, zone VARCHAR(100) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_posts PRIMARY KEY (id), 
	CONSTRAINT uq_posts_slug UNIQUE (slug)
);
INSERT INTO "posts" VALUES(1,'01-post','posts/01-post.md',1,'巡回法庭进山村（第1篇）','action','民一庭',1795957136547214,'Asia/Shanghai');
INSERT INTO "posts" VALUES(2,'02-post','posts/02-post.md',1,'巡回法庭进山村（第2篇）','action','民一庭',1795957138007861,'Asia/Shanghai');
INSERT INTO "posts" VALUES(3,'03-post','posts/03-post.md',1,'巡回法庭进山村（第3篇）','action','民一庭',1795957138080586,'Asia/Shanghai');
INSERT INTO "posts" VALUES(4,'05-post','posts/05-post.md',1,'巡回法庭进山村（第5篇）','action','民一庭',1795957138137794,'Asia/Shanghai');
INSERT INTO "posts" VALUES(5,'06-post','posts/06-post.md',1,'巡回法庭进山村（第6篇）','action','民一庭',1795957138673539,'Asia/Shanghai');
INSERT INTO "posts" VALUES(6,'04-post','posts/04-post.md',1,'巡回法庭进山村（第4篇）','action','民一庭',1795957162852571,'Asia/Shanghai');
CREATE TABLE receipts (
	delivery_id INTEGER NOT NULL, 
	remote_id TEXT, 
	address TEXT, 
	published_at BIGINT NOT NULL, 
	retracted_at BIGINT, 
	evidence TEXT NOT NULL, rehearsal BOOLEAN DEFAULT 0 NOT NULL, account TEXT DEFAULT '' NOT NULL, column_id VARCHAR(100) DEFAULT '' NOT NULL, title TEXT DEFAULT '' NOT NULL, department TEXT DEFAULT '' NOT NULL, author TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_receipts PRIMARY KEY (delivery_id), 
	CONSTRAINT fk_receipts_delivery_id FOREIGN KEY(delivery_id) REFERENCES deliveries (id)
);
INSERT INTO "receipts" VALUES(1,'action/01-post','https://www.example.gov.cn/action/action/01-post.html',1795957136664262,1795957153807977,'action/01-post.html sha256:f11597f3bbb3692bea4628b7d11f30f7be66e29c67ca074f7bfcbdbca232adec',0,'site www.example.gov.cn/action public','action','巡回法庭进山村（第1篇）','民一庭','');
INSERT INTO "receipts" VALUES(4,'c7b6909b6e155d65','https://rehearsal.invalid/posts/c7b6909b6e155d65',1795957137969286,NULL,'{"ok": true, "id": "c7b6909b6e155d65", "url": "https://rehearsal.invalid/posts/c7b6909b6e155d65"}',1,'webhook 127.0.0.1:19 #81394c579211','action','巡回法庭进山村（第1篇）','民一庭','');
INSERT INTO "receipts" VALUES(5,'action/02-post','https://www.example.gov.cn/action/action/02-post.html',1795957138373217,NULL,'action/02-post.html sha256:3ba7045bcea3a09ddbb6bcd253e88b55c87c66d17306a9dceda226b1a0ba0b23',0,'site www.example.gov.cn/action public','action','巡回法庭进山村（第2篇）','民一庭','');
INSERT INTO "receipts" VALUES(8,'7ef607ce6235df70','https://rehearsal.invalid/posts/7ef607ce6235df70',1795957138806594,NULL,'{"ok": true, "id": "7ef607ce6235df70", "url": "https://rehearsal.invalid/posts/7ef607ce6235df70"}',1,'webhook 127.0.0.1:19 #81394c579211','action','巡回法庭进山村（第2篇）','民一庭','');
INSERT INTO "receipts" VALUES(9,'action/03-post','https://www.example.gov.cn/action/action/03-post.html',1795957138373217,NULL,'action/03-post.html sha256:a731d0252d22600607cb0eb9b9a19fd778531648b9d3d36bb48772a2236a55bb',0,'site www.example.gov.cn/action public','action','巡回法庭进山村（第3篇）','民一庭','');
INSERT INTO "receipts" VALUES(12,'8ab8ba54dcd87398','https://rehearsal.invalid/posts/8ab8ba54dcd87398',1795957138959799,NULL,'{"ok": true, "id": "8ab8ba54dcd87398", "url": "https://rehearsal.invalid/posts/8ab8ba54dcd87398"}',1,'webhook 127.0.0.1:19 #81394c579211','action','巡回法庭进山村（第3篇）','民一庭','');
INSERT INTO "receipts" VALUES(21,'action/04-post','https://www.example.gov.cn/action/action/04-post.html',1795957162902985,NULL,'action/04-post.html sha256:d9bf553377901cf272602605babaea0e3e25336a304e3da168353d06a88afb04',0,'site www.example.gov.cn/action public','action','巡回法庭进山村（第4篇）','民一庭','');
INSERT INTO "receipts" VALUES(24,'133f6ef46a167608','https://rehearsal.invalid/posts/133f6ef46a167608',1795957163837368,NULL,'{"ok": true, "id": "133f6ef46a167608", "url": "https://rehearsal.invalid/posts/133f6ef46a167608"}',1,'webhook 127.0.0.1:19 #81394c579211','action','巡回法庭进山村（第4篇）','民一庭','');
CREATE TABLE recollections (
	slug VARCHAR(200) NOT NULL, 
	channel VARCHAR(100) NOT NULL, 
	at BIGINT NOT NULL, 
	source TEXT NOT NULL, 
	CONSTRAINT pk_recollections PRIMARY KEY (slug, channel)
);
CREATE TABLE remembered (
	scope VARCHAR(200) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	value TEXT NOT NULL, 
	expires_at BIGINT, 
	CONSTRAINT pk_remembered PRIMARY KEY (scope, name)
);
INSERT INTO "remembered" VALUES('backup','folder','/srv/backup',NULL);
CREATE TABLE renditions (
	id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	channel VARCHAR(100) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	title TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	media_type VARCHAR(100) NOT NULL, 
	body TEXT NOT NULL, 
	pictures TEXT NOT NULL, 
	needs TEXT NOT NULL, 
	extra TEXT NOT NULL, 
	CONSTRAINT pk_renditions PRIMARY KEY (id), 
	CONSTRAINT fk_renditions_post_id FOREIGN KEY(post_id) REFERENCES posts (id), 
	CONSTRAINT uq_renditions_post_id_revision_channel_digest UNIQUE (post_id, revision, channel, digest)
);
INSERT INTO "renditions" VALUES(1,1,1,'site','898a4b724908952ec3a5fa056acea8c7763be5d30fad3e4d4dbaebe0739379d6','巡回法庭进山村（第1篇）','法官把法庭搬到田间地头。','text/html','<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src ''self''; object-src ''none''; base-uri ''none''; form-action ''none''">
<meta name="referrer" content="strict-origin-when-cross-origin">
<title>巡回法庭进山村（第1篇） - 我们在行动 - 网站</title>
<meta name="SiteName" content="网站">
<meta name="SiteDomain" content="">
<meta name="SiteIDCode" content="">
<meta name="ColumnName" content="我们在行动">
<meta name="ColumnDescription" content="我们在行动">
<meta name="ColumnKeywords" content="我们在行动">
<meta name="ColumnType" content="工作动态">
<meta name="ArticleTitle" content="巡回法庭进山村（第1篇）">
<meta name="PubDate" content="https://late.invalid/time/minute/">
<meta name="ContentSource" content="">
<meta name="Description" content="法官把法庭搬到田间地头。">
<meta name="Url" content="https://www.example.gov.cn/action/action/01-post.html">
<link rel="canonical" href="https://www.example.gov.cn/action/action/01-post.html">
<link rel="icon" href="../assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="../assets/site.css">
<link rel="alternate" type="application/rss+xml" title="网站" href="../feed.xml">
<link rel="alternate" type="application/atom+xml" title="网站" href="../atom.xml">
<link rel="alternate" type="application/feed+json" title="网站" href="../feed.json">
<script src="../assets/site.js"></script>
</head>
<body>
<a class="skip" href="#main">跳到正文</a>
<!--masthead--><!--/masthead-->
<nav class="trail" aria-label="当前位置">
  <ol class="plain">
    <li><a href="../index.html">首页</a></li>
    <li><a href="index.html">我们在行动</a></li>
    <li aria-current="page">正文</li>
  </ol>
</nav>
<main id="main" tabindex="-1">
<article class="article">
  <header>
    <h1 class="headline">巡回法庭进山村（第1篇）</h1>
    <p class="facts">
      <span>发布时间：<time datetime="https://late.invalid/time/iso/" data-published>https://late.invalid/time/minute/</time></span>
    </p>
    <!--correction--><!--/correction-->
  </header>
  <div class="prose">
<p>把法庭搬到田间地头，第 1 次。金昌市中级人民法院在行动。</p>

  </div>
  <footer>
    <p class="credits"><span>供稿：民一庭</span></p>
    <!--neighbours--><!--/neighbours-->
    <p class="actions"><a href="index.html">返回“我们在行动”</a><button type="button" data-print hidden>打印本页</button></p>
  </footer>
</article>
</main>
<!--colophon--><!--/colophon-->
</body>
</html>','','','{"column": "action", "slug": "01-post", "author": "", "department": "民一庭", "source": "", "keywords": "", "cover": "", "cover_alt": "", "column_title": "我们在行动", "column_description": "", "campaign": "", "form": "", "corrects": "", "organisation": "", "site_name": "", "site_domain": "", "site_id_code": "", "html": "<p>把法庭搬到田间地头，第 1 次。金昌市中级人民法院在行动。</p>\n"}');
INSERT INTO "renditions" VALUES(2,1,1,'pack','bcdeb9ce702f1ccdbe11c7a7baf3f247cb84c4437524934f32b1f6225337030b','巡回法庭进山村（第1篇）','法官把法庭搬到田间地头。','text/html','<p>把法庭搬到田间地头，第 1 次。金昌市中级人民法院在行动。</p>
','[{"source": "cover", "sha256": "e11bfc5393dc4437081ac42ae23a7f7de62147b2b8609ca58649cdb3d798bb28", "media_type": "image/jpeg", "size": 129617, "width": 1800, "height": 766, "alt": "巡回法庭进山村（第1篇）", "caption": ""}, {"source": "cover", "sha256": "5d4f711e218b975bd8609dd7086a6486f8a9681fc4f7cdf0f514c1e3f51e2912", "media_type": "image/jpeg", "size": 152707, "width": 1225, "height": 1225, "alt": "巡回法庭进山村（第1篇）", "caption": ""}, {"source": "cover", "sha256": "497e35672fa8309bbf6477de73bc7c98b208c36556dafc86ba422b3d3eec3182", "media_type": "image/jpeg", "size": 121635, "width": 919, "height": 1633, "alt": "巡回法庭进山村（第1篇）", "caption": ""}, {"source": "cover", "sha256": "1e4ee813d41bb1f310fb6f8390467fee8489cb6e7cd7021373d55e2c3fdbf719", "media_type": "image/jpeg", "size": 133573, "width": 1633, "height": 919, "alt": "巡回法庭进山村（第1篇）", "caption": ""}]','','{"text": "把法庭搬到田间地头，第 1 次。金昌市中级人民法院在行动。", "files": "[\"封面/封面-2.35比1.jpg\", \"封面/封面-1比1.jpg\", \"封面/封面-9比16.jpg\", \"封面/封面-16比9.jpg\"]", "column": "我们在行动", "department": "民一庭"}');
INSERT INTO "renditions" VALUES(3,1,1,'group','7ad9ee653aed9a4bac1bedbe95906644c8831137cdaaf2831d09e00610350702','巡回法庭进山村（第1篇）','法官把法庭搬到田间地头。','application/json','{"type":"article.published","timestamp":"https://late.invalid/time/iso/","data":{"slug":"01-post","title":"巡回法庭进山村（第1篇）","summary":"法官把法庭搬到田间地头。","html":"<p>把法庭搬到田间地头，第 1 次。金昌市中级人民法院在行动。</p>\n","text":"把法庭搬到田间地头，第 1 次。金昌市中级人民法院在行动。","author":"","department":"民一庭","source":null,"keywords":[],"column":{"id":"action","title":"我们在行动","campaign":""},"organisation":"","published_at":"https://late.invalid/time/iso/","link":"https://late.invalid/link/site/","cover":null,"pictures":[]}}','','["site"]','{"local_pictures": "0"}');
INSERT INTO "renditions" VALUES(4,1,1,'gone','7ad9ee653aed9a4bac1bedbe95906644c8831137cdaaf2831d09e00610350702','巡回法庭进山村（第1篇）','法官把法庭搬到田间地头。','application/json','{"type":"article.published","timestamp":"https://late.invalid/time/iso/","data":{"slug":"01-post","title":"巡回法庭进山村（第1篇）","summary":"法官把法庭搬到田间地头。","html":"<p>把法庭搬到田间地头，第 1 次。金昌市中级人民法院在行动。</p>\n","text":"把法庭搬到田间地头，第 1 次。金昌市中级人民法院在行动。","author":"","department":"民一庭","source":null,"keywords":[],"column":{"id":"action","title":"我们在行动","campaign":""},"organisation":"","published_at":"https://late.invalid/time/iso/","link":"https://late.invalid/link/site/","cover":null,"pictures":[]}}','','["site"]','{"local_pictures": "0"}');
INSERT INTO "renditions" VALUES(5,2,1,'site','0ec987e0037eb15138fd47bed1354c7501e7f3b96594846e4af28ab6e91090f5','巡回法庭进山村（第2篇）','法官把法庭搬到田间地头。','text/html','<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src ''self''; object-src ''none''; base-uri ''none''; form-action ''none''">
<meta name="referrer" content="strict-origin-when-cross-origin">
<title>巡回法庭进山村（第2篇） - 我们在行动 - 网站</title>
<meta name="SiteName" content="网站">
<meta name="SiteDomain" content="">
<meta name="SiteIDCode" content="">
<meta name="ColumnName" content="我们在行动">
<meta name="ColumnDescription" content="我们在行动">
<meta name="ColumnKeywords" content="我们在行动">
<meta name="ColumnType" content="工作动态">
<meta name="ArticleTitle" content="巡回法庭进山村（第2篇）">
<meta name="PubDate" content="https://late.invalid/time/minute/">
<meta name="ContentSource" content="">
<meta name="Description" content="法官把法庭搬到田间地头。">
<meta name="Url" content="https://www.example.gov.cn/action/action/02-post.html">
<link rel="canonical" href="https://www.example.gov.cn/action/action/02-post.html">
<link rel="icon" href="../assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="../assets/site.css">
<link rel="alternate" type="application/rss+xml" title="网站" href="../feed.xml">
<link rel="alternate" type="application/atom+xml" title="网站" href="../atom.xml">
<link rel="alternate" type="application/feed+json" title="网站" href="../feed.json">
<script src="../assets/site.js"></script>
</head>
<body>
<a class="skip" href="#main">跳到正文</a>
<!--masthead--><!--/masthead-->
<nav class="trail" aria-label="当前位置">
  <ol class="plain">
    <li><a href="../index.html">首页</a></li>
    <li><a href="index.html">我们在行动</a></li>
    <li aria-current="page">正文</li>
  </ol>
</nav>
<main id="main" tabindex="-1">
<article class="article">
  <header>
    <h1 class="headline">巡回法庭进山村（第2篇）</h1>
    <p class="facts">
      <span>发布时间：<time datetime="https://late.invalid/time/iso/" data-published>https://late.invalid/time/minute/</time></span>
    </p>
    <!--correction--><!--/correction-->
  </header>
  <div class="prose">
<p>把法庭搬到田间地头，第 2 次。金昌市中级人民法院在行动。</p>

  </div>
  <footer>
    <p class="credits"><span>供稿：民一庭</span></p>
    <!--neighbours--><!--/neighbours-->
    <p class="actions"><a href="index.html">返回“我们在行动”</a><button type="button" data-print hidden>打印本页</button></p>
  </footer>
</article>
</main>
<!--colophon--><!--/colophon-->
</body>
</html>','','','{"column": "action", "slug": "02-post", "author": "", "department": "民一庭", "source": "", "keywords": "", "cover": "", "cover_alt": "", "column_title": "我们在行动", "column_description": "", "campaign": "", "form": "", "corrects": "", "organisation": "", "site_name": "", "site_domain": "", "site_id_code": "", "html": "<p>把法庭搬到田间地头，第 2 次。金昌市中级人民法院在行动。</p>\n"}');
INSERT INTO "renditions" VALUES(6,2,1,'pack','98cb03c2329887a28abe40fe2ef2691608dc156b6604be75541370a9b6628c95','巡回法庭进山村（第2篇）','法官把法庭搬到田间地头。','text/html','<p>把法庭搬到田间地头，第 2 次。金昌市中级人民法院在行动。</p>
','[{"source": "cover", "sha256": "84b7b42f4ed8bd10d3ea8e993730e386ba2b0436e76efb6d13d5c5192d7b580a", "media_type": "image/jpeg", "size": 130951, "width": 1800, "height": 766, "alt": "巡回法庭进山村（第2篇）", "caption": ""}, {"source": "cover", "sha256": "98ea978cc0cb299652434e34abc86ec77e6e4d0ef67c9b53eda3d5fff0105dc3", "media_type": "image/jpeg", "size": 155093, "width": 1225, "height": 1225, "alt": "巡回法庭进山村（第2篇）", "caption": ""}, {"source": "cover", "sha256": "50955c736a2b8c5e3ba4c37e10226fb724c9f4b406ef65128a36f750710e8203", "media_type": "image/jpeg", "size": 123564, "width": 919, "height": 1633, "alt": "巡回法庭进山村（第2篇）", "caption": ""}, {"source": "cover", "sha256": "748c853865c2adea54f857c74536dc385c9d19b51844705e3d527441f06aca9d", "media_type": "image/jpeg", "size": 132505, "width": 1633, "height": 919, "alt": "巡回法庭进山村（第2篇）", "caption": ""}]','','{"text": "把法庭搬到田间地头，第 2 次。金昌市中级人民法院在行动。", "files": "[\"封面/封面-2.35比1.jpg\", \"封面/封面-1比1.jpg\", \"封面/封面-9比16.jpg\", \"封面/封面-16比9.jpg\"]", "column": "我们在行动", "department": "民一庭"}');
INSERT INTO "renditions" VALUES(7,2,1,'group','345ce6b344855b241eacda450b4add6d99201801359d5bef18d270406eb6c905','巡回法庭进山村（第2篇）','法官把法庭搬到田间地头。','application/json','{"type":"article.published","timestamp":"https://late.invalid/time/iso/","data":{"slug":"02-post","title":"巡回法庭进山村（第2篇）","summary":"法官把法庭搬到田间地头。","html":"<p>把法庭搬到田间地头，第 2 次。金昌市中级人民法院在行动。</p>\n","text":"把法庭搬到田间地头，第 2 次。金昌市中级人民法院在行动。","author":"","department":"民一庭","source":null,"keywords":[],"column":{"id":"action","title":"我们在行动","campaign":""},"organisation":"","published_at":"https://late.invalid/time/iso/","link":"https://late.invalid/link/site/","cover":null,"pictures":[]}}','','["site"]','{"local_pictures": "0"}');
INSERT INTO "renditions" VALUES(8,2,1,'gone','345ce6b344855b241eacda450b4add6d99201801359d5bef18d270406eb6c905','巡回法庭进山村（第2篇）','法官把法庭搬到田间地头。','application/json','{"type":"article.published","timestamp":"https://late.invalid/time/iso/","data":{"slug":"02-post","title":"巡回法庭进山村（第2篇）","summary":"法官把法庭搬到田间地头。","html":"<p>把法庭搬到田间地头，第 2 次。金昌市中级人民法院在行动。</p>\n","text":"把法庭搬到田间地头，第 2 次。金昌市中级人民法院在行动。","author":"","department":"民一庭","source":null,"keywords":[],"column":{"id":"action","title":"我们在行动","campaign":""},"organisation":"","published_at":"https://late.invalid/time/iso/","link":"https://late.invalid/link/site/","cover":null,"pictures":[]}}','','["site"]','{"local_pictures": "0"}');
INSERT INTO "renditions" VALUES(9,3,1,'site','4df7b05e648cb45da6e4664c3da42c90a84a7a655d83ad19b1e3faf5cbae137c','巡回法庭进山村（第3篇）','法官把法庭搬到田间地头。','text/html','<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src ''self''; object-src ''none''; base-uri ''none''; form-action ''none''">
<meta name="referrer" content="strict-origin-when-cross-origin">
<title>巡回法庭进山村（第3篇） - 我们在行动 - 网站</title>
<meta name="SiteName" content="网站">
<meta name="SiteDomain" content="">
<meta name="SiteIDCode" content="">
<meta name="ColumnName" content="我们在行动">
<meta name="ColumnDescription" content="我们在行动">
<meta name="ColumnKeywords" content="我们在行动">
<meta name="ColumnType" content="工作动态">
<meta name="ArticleTitle" content="巡回法庭进山村（第3篇）">
<meta name="PubDate" content="https://late.invalid/time/minute/">
<meta name="ContentSource" content="">
<meta name="Description" content="法官把法庭搬到田间地头。">
<meta name="Url" content="https://www.example.gov.cn/action/action/03-post.html">
<link rel="canonical" href="https://www.example.gov.cn/action/action/03-post.html">
<link rel="icon" href="../assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="../assets/site.css">
<link rel="alternate" type="application/rss+xml" title="网站" href="../feed.xml">
<link rel="alternate" type="application/atom+xml" title="网站" href="../atom.xml">
<link rel="alternate" type="application/feed+json" title="网站" href="../feed.json">
<script src="../assets/site.js"></script>
</head>
<body>
<a class="skip" href="#main">跳到正文</a>
<!--masthead--><!--/masthead-->
<nav class="trail" aria-label="当前位置">
  <ol class="plain">
    <li><a href="../index.html">首页</a></li>
    <li><a href="index.html">我们在行动</a></li>
    <li aria-current="page">正文</li>
  </ol>
</nav>
<main id="main" tabindex="-1">
<article class="article">
  <header>
    <h1 class="headline">巡回法庭进山村（第3篇）</h1>
    <p class="facts">
      <span>发布时间：<time datetime="https://late.invalid/time/iso/" data-published>https://late.invalid/time/minute/</time></span>
    </p>
    <!--correction--><!--/correction-->
  </header>
  <div class="prose">
<p>把法庭搬到田间地头，第 3 次。金昌市中级人民法院在行动。</p>

  </div>
  <footer>
    <p class="credits"><span>供稿：民一庭</span></p>
    <!--neighbours--><!--/neighbours-->
    <p class="actions"><a href="index.html">返回“我们在行动”</a><button type="button" data-print hidden>打印本页</button></p>
  </footer>
</article>
</main>
<!--colophon--><!--/colophon-->
</body>
</html>','','','{"column": "action", "slug": "03-post", "author": "", "department": "民一庭", "source": "", "keywords": "", "cover": "", "cover_alt": "", "column_title": "我们在行动", "column_description": "", "campaign": "", "form": "", "corrects": "", "organisation": "", "site_name": "", "site_domain": "", "site_id_code": "", "html": "<p>把法庭搬到田间地头，第 3 次。金昌市中级人民法院在行动。</p>\n"}');
INSERT INTO "renditions" VALUES(10,3,1,'pack','2f76f13362ada2517d2412f410e2de6ad881687e14f924d12a740b14f80dc547','巡回法庭进山村（第3篇）','法官把法庭搬到田间地头。','text/html','<p>把法庭搬到田间地头，第 3 次。金昌市中级人民法院在行动。</p>
','[{"source": "cover", "sha256": "04ddef30de372150e4c6124c205073854516709dfa01f13a1d8576a57c75eec4", "media_type": "image/jpeg", "size": 131401, "width": 1800, "height": 766, "alt": "巡回法庭进山村（第3篇）", "caption": ""}, {"source": "cover", "sha256": "633b302f35e5483d237f60e375d3eb266604c2d74448d28efc1229e93e9b9edd", "media_type": "image/jpeg", "size": 155469, "width": 1225, "height": 1225, "alt": "巡回法庭进山村（第3篇）", "caption": ""}, {"source": "cover", "sha256": "14ea31e588a73dfa04488933d8cf7d1d864dcb801394b4bb6bc4ea57b9b99d47", "media_type": "image/jpeg", "size": 123935, "width": 919, "height": 1633, "alt": "巡回法庭进山村（第3篇）", "caption": ""}, {"source": "cover", "sha256": "f80083507a1c8987230c5290d605d0acf146c277a79e59f677f97dcf682206cb", "media_type": "image/jpeg", "size": 132606, "width": 1633, "height": 919, "alt": "巡回法庭进山村（第3篇）", "caption": ""}]','','{"text": "把法庭搬到田间地头，第 3 次。金昌市中级人民法院在行动。", "files": "[\"封面/封面-2.35比1.jpg\", \"封面/封面-1比1.jpg\", \"封面/封面-9比16.jpg\", \"封面/封面-16比9.jpg\"]", "column": "我们在行动", "department": "民一庭"}');
INSERT INTO "renditions" VALUES(11,3,1,'group','fa005cd528ee9a6ffbf12c715aba8a6c9aed4269485fca7bfe0f6bd42897fd5a','巡回法庭进山村（第3篇）','法官把法庭搬到田间地头。','application/json','{"type":"article.published","timestamp":"https://late.invalid/time/iso/","data":{"slug":"03-post","title":"巡回法庭进山村（第3篇）","summary":"法官把法庭搬到田间地头。","html":"<p>把法庭搬到田间地头，第 3 次。金昌市中级人民法院在行动。</p>\n","text":"把法庭搬到田间地头，第 3 次。金昌市中级人民法院在行动。","author":"","department":"民一庭","source":null,"keywords":[],"column":{"id":"action","title":"我们在行动","campaign":""},"organisation":"","published_at":"https://late.invalid/time/iso/","link":"https://late.invalid/link/site/","cover":null,"pictures":[]}}','','["site"]','{"local_pictures": "0"}');
INSERT INTO "renditions" VALUES(12,3,1,'gone','fa005cd528ee9a6ffbf12c715aba8a6c9aed4269485fca7bfe0f6bd42897fd5a','巡回法庭进山村（第3篇）','法官把法庭搬到田间地头。','application/json','{"type":"article.published","timestamp":"https://late.invalid/time/iso/","data":{"slug":"03-post","title":"巡回法庭进山村（第3篇）","summary":"法官把法庭搬到田间地头。","html":"<p>把法庭搬到田间地头，第 3 次。金昌市中级人民法院在行动。</p>\n","text":"把法庭搬到田间地头，第 3 次。金昌市中级人民法院在行动。","author":"","department":"民一庭","source":null,"keywords":[],"column":{"id":"action","title":"我们在行动","campaign":""},"organisation":"","published_at":"https://late.invalid/time/iso/","link":"https://late.invalid/link/site/","cover":null,"pictures":[]}}','','["site"]','{"local_pictures": "0"}');
INSERT INTO "renditions" VALUES(13,4,1,'site','bda4dedd88d2739217a3ecaee420269ca8d2f9bde7ee123d472fe438e0dab311','巡回法庭进山村（第5篇）','法官把法庭搬到田间地头。','text/html','<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src ''self''; object-src ''none''; base-uri ''none''; form-action ''none''">
<meta name="referrer" content="strict-origin-when-cross-origin">
<title>巡回法庭进山村（第5篇） - 我们在行动 - 网站</title>
<meta name="SiteName" content="网站">
<meta name="SiteDomain" content="">
<meta name="SiteIDCode" content="">
<meta name="ColumnName" content="我们在行动">
<meta name="ColumnDescription" content="我们在行动">
<meta name="ColumnKeywords" content="我们在行动">
<meta name="ColumnType" content="工作动态">
<meta name="ArticleTitle" content="巡回法庭进山村（第5篇）">
<meta name="PubDate" content="https://late.invalid/time/minute/">
<meta name="ContentSource" content="">
<meta name="Description" content="法官把法庭搬到田间地头。">
<meta name="Url" content="https://www.example.gov.cn/action/action/05-post.html">
<link rel="canonical" href="https://www.example.gov.cn/action/action/05-post.html">
<link rel="icon" href="../assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="../assets/site.css">
<link rel="alternate" type="application/rss+xml" title="网站" href="../feed.xml">
<link rel="alternate" type="application/atom+xml" title="网站" href="../atom.xml">
<link rel="alternate" type="application/feed+json" title="网站" href="../feed.json">
<script src="../assets/site.js"></script>
</head>
<body>
<a class="skip" href="#main">跳到正文</a>
<!--masthead--><!--/masthead-->
<nav class="trail" aria-label="当前位置">
  <ol class="plain">
    <li><a href="../index.html">首页</a></li>
    <li><a href="index.html">我们在行动</a></li>
    <li aria-current="page">正文</li>
  </ol>
</nav>
<main id="main" tabindex="-1">
<article class="article">
  <header>
    <h1 class="headline">巡回法庭进山村（第5篇）</h1>
    <p class="facts">
      <span>发布时间：<time datetime="https://late.invalid/time/iso/" data-published>https://late.invalid/time/minute/</time></span>
    </p>
    <!--correction--><!--/correction-->
  </header>
  <div class="prose">
<p>把法庭搬到田间地头，第 5 次。金昌市中级人民法院在行动。</p>

  </div>
  <footer>
    <p class="credits"><span>供稿：民一庭</span></p>
    <!--neighbours--><!--/neighbours-->
    <p class="actions"><a href="index.html">返回“我们在行动”</a><button type="button" data-print hidden>打印本页</button></p>
  </footer>
</article>
</main>
<!--colophon--><!--/colophon-->
</body>
</html>','','','{"column": "action", "slug": "05-post", "author": "", "department": "民一庭", "source": "", "keywords": "", "cover": "", "cover_alt": "", "column_title": "我们在行动", "column_description": "", "campaign": "", "form": "", "corrects": "", "organisation": "", "site_name": "", "site_domain": "", "site_id_code": "", "html": "<p>把法庭搬到田间地头，第 5 次。金昌市中级人民法院在行动。</p>\n"}');
INSERT INTO "renditions" VALUES(14,4,1,'pack','99882ea0607402cabbe7b44c35204187f81cf83d5c224c16380aee040c508e63','巡回法庭进山村（第5篇）','法官把法庭搬到田间地头。','text/html','<p>把法庭搬到田间地头，第 5 次。金昌市中级人民法院在行动。</p>
','[{"source": "cover", "sha256": "8b5b0f90d9e130d5780588988341da4f4326bce48f1f1ec17f66ccb6aa51aa1d", "media_type": "image/jpeg", "size": 130216, "width": 1800, "height": 766, "alt": "巡回法庭进山村（第5篇）", "caption": ""}, {"source": "cover", "sha256": "c962f8a393fbab3c103b6d1dd97fdaadd3d4618b2c703fb53b06e28109ece8fc", "media_type": "image/jpeg", "size": 154458, "width": 1225, "height": 1225, "alt": "巡回法庭进山村（第5篇）", "caption": ""}, {"source": "cover", "sha256": "a87279a5a8b0d6518249f50086924d65f7512240daf3ae77a2723bc827fbe9d3", "media_type": "image/jpeg", "size": 123487, "width": 919, "height": 1633, "alt": "巡回法庭进山村（第5篇）", "caption": ""}, {"source": "cover", "sha256": "e9c16d9376c099064d12131919f6f36ed24689744c93a4afe038d60b267bc7c5", "media_type": "image/jpeg", "size": 132403, "width": 1633, "height": 919, "alt": "巡回法庭进山村（第5篇）", "caption": ""}]','','{"text": "把法庭搬到田间地头，第 5 次。金昌市中级人民法院在行动。", "files": "[\"封面/封面-2.35比1.jpg\", \"封面/封面-1比1.jpg\", \"封面/封面-9比16.jpg\", \"封面/封面-16比9.jpg\"]", "column": "我们在行动", "department": "民一庭"}');
INSERT INTO "renditions" VALUES(15,4,1,'group','08aa22edb944a0dc119997fd53415f2387a12d3e81541e3f753384543073489e','巡回法庭进山村（第5篇）','法官把法庭搬到田间地头。','application/json','{"type":"article.published","timestamp":"https://late.invalid/time/iso/","data":{"slug":"05-post","title":"巡回法庭进山村（第5篇）","summary":"法官把法庭搬到田间地头。","html":"<p>把法庭搬到田间地头，第 5 次。金昌市中级人民法院在行动。</p>\n","text":"把法庭搬到田间地头，第 5 次。金昌市中级人民法院在行动。","author":"","department":"民一庭","source":null,"keywords":[],"column":{"id":"action","title":"我们在行动","campaign":""},"organisation":"","published_at":"https://late.invalid/time/iso/","link":"https://late.invalid/link/site/","cover":null,"pictures":[]}}','','["site"]','{"local_pictures": "0"}');
INSERT INTO "renditions" VALUES(16,4,1,'gone','08aa22edb944a0dc119997fd53415f2387a12d3e81541e3f753384543073489e','巡回法庭进山村（第5篇）','法官把法庭搬到田间地头。','application/json','{"type":"article.published","timestamp":"https://late.invalid/time/iso/","data":{"slug":"05-post","title":"巡回法庭进山村（第5篇）","summary":"法官把法庭搬到田间地头。","html":"<p>把法庭搬到田间地头，第 5 次。金昌市中级人民法院在行动。</p>\n","text":"把法庭搬到田间地头，第 5 次。金昌市中级人民法院在行动。","author":"","department":"民一庭","source":null,"keywords":[],"column":{"id":"action","title":"我们在行动","campaign":""},"organisation":"","published_at":"https://late.invalid/time/iso/","link":"https://late.invalid/link/site/","cover":null,"pictures":[]}}','','["site"]','{"local_pictures": "0"}');
INSERT INTO "renditions" VALUES(17,5,1,'site','4da85e7d4e62ed072803c228b07f9fcb9608db256e7f9f17d767420a681c3191','巡回法庭进山村（第6篇）','法官把法庭搬到田间地头。','text/html','<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src ''self''; object-src ''none''; base-uri ''none''; form-action ''none''">
<meta name="referrer" content="strict-origin-when-cross-origin">
<title>巡回法庭进山村（第6篇） - 我们在行动 - 网站</title>
<meta name="SiteName" content="网站">
<meta name="SiteDomain" content="">
<meta name="SiteIDCode" content="">
<meta name="ColumnName" content="我们在行动">
<meta name="ColumnDescription" content="我们在行动">
<meta name="ColumnKeywords" content="我们在行动">
<meta name="ColumnType" content="工作动态">
<meta name="ArticleTitle" content="巡回法庭进山村（第6篇）">
<meta name="PubDate" content="https://late.invalid/time/minute/">
<meta name="ContentSource" content="">
<meta name="Description" content="法官把法庭搬到田间地头。">
<meta name="Url" content="https://www.example.gov.cn/action/action/06-post.html">
<link rel="canonical" href="https://www.example.gov.cn/action/action/06-post.html">
<link rel="icon" href="../assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="../assets/site.css">
<link rel="alternate" type="application/rss+xml" title="网站" href="../feed.xml">
<link rel="alternate" type="application/atom+xml" title="网站" href="../atom.xml">
<link rel="alternate" type="application/feed+json" title="网站" href="../feed.json">
<script src="../assets/site.js"></script>
</head>
<body>
<a class="skip" href="#main">跳到正文</a>
<!--masthead--><!--/masthead-->
<nav class="trail" aria-label="当前位置">
  <ol class="plain">
    <li><a href="../index.html">首页</a></li>
    <li><a href="index.html">我们在行动</a></li>
    <li aria-current="page">正文</li>
  </ol>
</nav>
<main id="main" tabindex="-1">
<article class="article">
  <header>
    <h1 class="headline">巡回法庭进山村（第6篇）</h1>
    <p class="facts">
      <span>发布时间：<time datetime="https://late.invalid/time/iso/" data-published>https://late.invalid/time/minute/</time></span>
    </p>
    <!--correction--><!--/correction-->
  </header>
  <div class="prose">
<p>把法庭搬到田间地头，第 6 次。金昌市中级人民法院在行动。</p>

  </div>
  <footer>
    <p class="credits"><span>供稿：民一庭</span></p>
    <!--neighbours--><!--/neighbours-->
    <p class="actions"><a href="index.html">返回“我们在行动”</a><button type="button" data-print hidden>打印本页</button></p>
  </footer>
</article>
</main>
<!--colophon--><!--/colophon-->
</body>
</html>','','','{"column": "action", "slug": "06-post", "author": "", "department": "民一庭", "source": "", "keywords": "", "cover": "", "cover_alt": "", "column_title": "我们在行动", "column_description": "", "campaign": "", "form": "", "corrects": "", "organisation": "", "site_name": "", "site_domain": "", "site_id_code": "", "html": "<p>把法庭搬到田间地头，第 6 次。金昌市中级人民法院在行动。</p>\n"}');
INSERT INTO "renditions" VALUES(18,5,1,'pack','42621f5dab8a73ff9f666504dfcc4f32b442281995f240ff53847939964da5f0','巡回法庭进山村（第6篇）','法官把法庭搬到田间地头。','text/html','<p>把法庭搬到田间地头，第 6 次。金昌市中级人民法院在行动。</p>
','[{"source": "cover", "sha256": "3bff68f8e59ca40565b9b0649273b95d091aaa08808a7f5a57930fb82117b892", "media_type": "image/jpeg", "size": 130977, "width": 1800, "height": 766, "alt": "巡回法庭进山村（第6篇）", "caption": ""}, {"source": "cover", "sha256": "510415b863394eb2eb4499778cc7bee400b7817c6d425550765fccc1cbee5eba", "media_type": "image/jpeg", "size": 155304, "width": 1225, "height": 1225, "alt": "巡回法庭进山村（第6篇）", "caption": ""}, {"source": "cover", "sha256": "1a87ca6e4eb48fe0bd7bfb55e75cee4e57bccddfd1d0cc56432ac040bf3e4eb7", "media_type": "image/jpeg", "size": 123888, "width": 919, "height": 1633, "alt": "巡回法庭进山村（第6篇）", "caption": ""}, {"source": "cover", "sha256": "975262bd2797e43f2df01de0b7b075ba0507d745ca84b961966ff6902f83bac3", "media_type": "image/jpeg", "size": 132793, "width": 1633, "height": 919, "alt": "巡回法庭进山村（第6篇）", "caption": ""}]','','{"text": "把法庭搬到田间地头，第 6 次。金昌市中级人民法院在行动。", "files": "[\"封面/封面-2.35比1.jpg\", \"封面/封面-1比1.jpg\", \"封面/封面-9比16.jpg\", \"封面/封面-16比9.jpg\"]", "column": "我们在行动", "department": "民一庭"}');
INSERT INTO "renditions" VALUES(19,5,1,'group','df1227941e32b0ec5b44cf8f79ef9e7b8e45aad16b252567662d752b37c80ec3','巡回法庭进山村（第6篇）','法官把法庭搬到田间地头。','application/json','{"type":"article.published","timestamp":"https://late.invalid/time/iso/","data":{"slug":"06-post","title":"巡回法庭进山村（第6篇）","summary":"法官把法庭搬到田间地头。","html":"<p>把法庭搬到田间地头，第 6 次。金昌市中级人民法院在行动。</p>\n","text":"把法庭搬到田间地头，第 6 次。金昌市中级人民法院在行动。","author":"","department":"民一庭","source":null,"keywords":[],"column":{"id":"action","title":"我们在行动","campaign":""},"organisation":"","published_at":"https://late.invalid/time/iso/","link":"https://late.invalid/link/site/","cover":null,"pictures":[]}}','','["site"]','{"local_pictures": "0"}');
INSERT INTO "renditions" VALUES(20,5,1,'gone','df1227941e32b0ec5b44cf8f79ef9e7b8e45aad16b252567662d752b37c80ec3','巡回法庭进山村（第6篇）','法官把法庭搬到田间地头。','application/json','{"type":"article.published","timestamp":"https://late.invalid/time/iso/","data":{"slug":"06-post","title":"巡回法庭进山村（第6篇）","summary":"法官把法庭搬到田间地头。","html":"<p>把法庭搬到田间地头，第 6 次。金昌市中级人民法院在行动。</p>\n","text":"把法庭搬到田间地头，第 6 次。金昌市中级人民法院在行动。","author":"","department":"民一庭","source":null,"keywords":[],"column":{"id":"action","title":"我们在行动","campaign":""},"organisation":"","published_at":"https://late.invalid/time/iso/","link":"https://late.invalid/link/site/","cover":null,"pictures":[]}}','','["site"]','{"local_pictures": "0"}');
INSERT INTO "renditions" VALUES(21,6,1,'site','141b32da988f8431e6277169c7c0f6dc6c1dce3e9819a21fac91ccb9aa7b6aea','巡回法庭进山村（第4篇）','法官把法庭搬到田间地头。','text/html','<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src ''self''; object-src ''none''; base-uri ''none''; form-action ''none''">
<meta name="referrer" content="strict-origin-when-cross-origin">
<title>巡回法庭进山村（第4篇） - 我们在行动 - 网站</title>
<meta name="SiteName" content="网站">
<meta name="SiteDomain" content="">
<meta name="SiteIDCode" content="">
<meta name="ColumnName" content="我们在行动">
<meta name="ColumnDescription" content="我们在行动">
<meta name="ColumnKeywords" content="我们在行动">
<meta name="ColumnType" content="工作动态">
<meta name="ArticleTitle" content="巡回法庭进山村（第4篇）">
<meta name="PubDate" content="https://late.invalid/time/minute/">
<meta name="ContentSource" content="">
<meta name="Description" content="法官把法庭搬到田间地头。">
<meta name="Url" content="https://www.example.gov.cn/action/action/04-post.html">
<link rel="canonical" href="https://www.example.gov.cn/action/action/04-post.html">
<link rel="icon" href="../assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="../assets/site.css">
<link rel="alternate" type="application/rss+xml" title="网站" href="../feed.xml">
<link rel="alternate" type="application/atom+xml" title="网站" href="../atom.xml">
<link rel="alternate" type="application/feed+json" title="网站" href="../feed.json">
<script src="../assets/site.js"></script>
</head>
<body>
<a class="skip" href="#main">跳到正文</a>
<!--masthead--><!--/masthead-->
<nav class="trail" aria-label="当前位置">
  <ol class="plain">
    <li><a href="../index.html">首页</a></li>
    <li><a href="index.html">我们在行动</a></li>
    <li aria-current="page">正文</li>
  </ol>
</nav>
<main id="main" tabindex="-1">
<article class="article">
  <header>
    <h1 class="headline">巡回法庭进山村（第4篇）</h1>
    <p class="facts">
      <span>发布时间：<time datetime="https://late.invalid/time/iso/" data-published>https://late.invalid/time/minute/</time></span>
    </p>
    <!--correction--><!--/correction-->
  </header>
  <div class="prose">
<p>把法庭搬到田间地头，第 4 次。金昌市中级人民法院在行动。</p>

  </div>
  <footer>
    <p class="credits"><span>供稿：民一庭</span></p>
    <!--neighbours--><!--/neighbours-->
    <p class="actions"><a href="index.html">返回“我们在行动”</a><button type="button" data-print hidden>打印本页</button></p>
  </footer>
</article>
</main>
<!--colophon--><!--/colophon-->
</body>
</html>','','','{"column": "action", "slug": "04-post", "author": "", "department": "民一庭", "source": "", "keywords": "", "cover": "", "cover_alt": "", "column_title": "我们在行动", "column_description": "", "campaign": "", "form": "", "corrects": "", "organisation": "", "site_name": "", "site_domain": "", "site_id_code": "", "html": "<p>把法庭搬到田间地头，第 4 次。金昌市中级人民法院在行动。</p>\n"}');
INSERT INTO "renditions" VALUES(22,6,1,'pack','42b1b945c941721246a6bf1cbf832fcd0c0a7d36bfa21fa0cf230fd1b32b5e9c','巡回法庭进山村（第4篇）','法官把法庭搬到田间地头。','text/html','<p>把法庭搬到田间地头，第 4 次。金昌市中级人民法院在行动。</p>
','[{"source": "cover", "sha256": "2f9be0b4466759bfd07166cb97106e8763b7b0dc5f9ce5b3830144152c22fc83", "media_type": "image/jpeg", "size": 130370, "width": 1800, "height": 766, "alt": "巡回法庭进山村（第4篇）", "caption": ""}, {"source": "cover", "sha256": "6bb20591e9c508945780d2b4350da4b536e3b17bc544f20cc72a2b772435604a", "media_type": "image/jpeg", "size": 153889, "width": 1225, "height": 1225, "alt": "巡回法庭进山村（第4篇）", "caption": ""}, {"source": "cover", "sha256": "d6ddc942c87b88a3fe820098bfe3800ccc41017c7c3dd3b9356c924b6931211a", "media_type": "image/jpeg", "size": 123073, "width": 919, "height": 1633, "alt": "巡回法庭进山村（第4篇）", "caption": ""}, {"source": "cover", "sha256": "b367ff9eff280daa2ec7a09bfa02453b6f3588cf971912e0d2e387fbfc9e2809", "media_type": "image/jpeg", "size": 132049, "width": 1633, "height": 919, "alt": "巡回法庭进山村（第4篇）", "caption": ""}]','','{"text": "把法庭搬到田间地头，第 4 次。金昌市中级人民法院在行动。", "files": "[\"封面/封面-2.35比1.jpg\", \"封面/封面-1比1.jpg\", \"封面/封面-9比16.jpg\", \"封面/封面-16比9.jpg\"]", "column": "我们在行动", "department": "民一庭"}');
INSERT INTO "renditions" VALUES(23,6,1,'group','7f498b86f98872fee28911ebb9ccf0c487d13d3ed09a5a5aef0b78ba2b201a8c','巡回法庭进山村（第4篇）','法官把法庭搬到田间地头。','application/json','{"type":"article.published","timestamp":"https://late.invalid/time/iso/","data":{"slug":"04-post","title":"巡回法庭进山村（第4篇）","summary":"法官把法庭搬到田间地头。","html":"<p>把法庭搬到田间地头，第 4 次。金昌市中级人民法院在行动。</p>\n","text":"把法庭搬到田间地头，第 4 次。金昌市中级人民法院在行动。","author":"","department":"民一庭","source":null,"keywords":[],"column":{"id":"action","title":"我们在行动","campaign":""},"organisation":"","published_at":"https://late.invalid/time/iso/","link":"https://late.invalid/link/site/","cover":null,"pictures":[]}}','','["site"]','{"local_pictures": "0"}');
INSERT INTO "renditions" VALUES(24,6,1,'gone','7f498b86f98872fee28911ebb9ccf0c487d13d3ed09a5a5aef0b78ba2b201a8c','巡回法庭进山村（第4篇）','法官把法庭搬到田间地头。','application/json','{"type":"article.published","timestamp":"https://late.invalid/time/iso/","data":{"slug":"04-post","title":"巡回法庭进山村（第4篇）","summary":"法官把法庭搬到田间地头。","html":"<p>把法庭搬到田间地头，第 4 次。金昌市中级人民法院在行动。</p>\n","text":"把法庭搬到田间地头，第 4 次。金昌市中级人民法院在行动。","author":"","department":"民一庭","source":null,"keywords":[],"column":{"id":"action","title":"我们在行动","campaign":""},"organisation":"","published_at":"https://late.invalid/time/iso/","link":"https://late.invalid/link/site/","cover":null,"pictures":[]}}','','["site"]','{"local_pictures": "0"}');
CREATE TABLE restores (
	id INTEGER NOT NULL, 
	backup VARCHAR(32) NOT NULL, 
	taken_at BIGINT NOT NULL, 
	restored_at BIGINT NOT NULL, 
	actor VARCHAR(100) NOT NULL, 
	finished_at BIGINT, 
	ended_at BIGINT, complete_at BIGINT, 
	CONSTRAINT pk_restores PRIMARY KEY (id)
);
CREATE TABLE revisions (
	post_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	source TEXT NOT NULL, 
	created_at BIGINT NOT NULL, title TEXT DEFAULT '' NOT NULL, department TEXT DEFAULT '' NOT NULL, author TEXT DEFAULT '' NOT NULL, title_key VARCHAR(32) DEFAULT '' NOT NULL, length INTEGER DEFAULT '0' NOT NULL, sketch TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_revisions PRIMARY KEY (post_id, number), 
	CONSTRAINT fk_revisions_post_id FOREIGN KEY(post_id) REFERENCES posts (id)
);
INSERT INTO "revisions" VALUES(1,1,'4ec0388cdab2ef27d2ccd51b99d7b9246ed761e4fa3d88f16257ec196e9f4c92','---
title: 巡回法庭进山村（第1篇）
column: action
publish_at: now
department: 民一庭
summary: 法官把法庭搬到田间地头。
---

把法庭搬到田间地头，第 1 次。金昌市中级人民法院在行动。
',1795957136547214,'巡回法庭进山村（第1篇）','民一庭','','7f6360375452c7de3bc786e80356ae0f',24,',,1,,,,,,,,1,,2,,,,,2,,,,2,,,,,,,,,,,,1,1,,,,,1,2,,,,2,2,,,3,1,,,2,,,,,,1,,,,,');
INSERT INTO "revisions" VALUES(2,1,'5c29e8347658f03878288bddcde5df294135b157b0812f815a78f35e18387bb9','---
title: 巡回法庭进山村（第2篇）
column: action
publish_at: now
department: 民一庭
summary: 法官把法庭搬到田间地头。
---

把法庭搬到田间地头，第 2 次。金昌市中级人民法院在行动。
',1795957138007861,'巡回法庭进山村（第2篇）','民一庭','','a42e2a0e5fb3c0ad3880c5e8f2ec730d',24,',,1,,,,,,,,1,,2,,,,,2,,,,2,,,,,,,,,,,,1,1,,,,,1,2,,,,2,2,,,3,,1,,2,,,,,,1,,,,,');
INSERT INTO "revisions" VALUES(3,1,'75b82ccff1f4bf829ae62906b80dfb720f77b35090d96fceee39084bf3dac709','---
title: 巡回法庭进山村（第3篇）
column: action
publish_at: now
department: 民一庭
summary: 法官把法庭搬到田间地头。
---

把法庭搬到田间地头，第 3 次。金昌市中级人民法院在行动。
',1795957138080586,'巡回法庭进山村（第3篇）','民一庭','','dd3c48c9c68f433b1d35d3ec415cdc79',24,',,1,,,,,,,,1,,2,,,,,2,,,,2,,,,,,,,,,,,1,1,,,,,1,2,,,,2,2,,,3,,,1,2,,,,,,1,,,,,');
INSERT INTO "revisions" VALUES(4,1,'7e9e3826c8ffcd63024261565744e925f20593fe479fe280b010e5aa7440ac73','---
title: 巡回法庭进山村（第5篇）
column: action
publish_at: 2099-01-01 09:00
department: 民一庭
summary: 法官把法庭搬到田间地头。
---

把法庭搬到田间地头，第 5 次。金昌市中级人民法院在行动。
',1795957138137794,'巡回法庭进山村（第5篇）','民一庭','','203271e98576d76a031dbd4b3b36993d',24,',,1,,,,,,,,1,,2,,,,,2,,,,2,,,,,,,,,,,,1,1,,,,,1,2,,,,2,2,,,3,,,,2,1,,,,,1,,,,,');
INSERT INTO "revisions" VALUES(5,1,'782624388a786ba10685cf28dc619aa477d45f0c1cf2c3190ffcb0c9369bb830','---
title: 巡回法庭进山村（第6篇）
column: action
publish_at: 2020-01-01 09:00
department: 民一庭
summary: 法官把法庭搬到田间地头。
---

把法庭搬到田间地头，第 6 次。金昌市中级人民法院在行动。
',1795957138673539,'巡回法庭进山村（第6篇）','民一庭','','cf77576bcb7cefc7368b0233afcad5e8',24,',,1,,,,,,,,1,,2,,,,,2,,,,2,,,,,,,,,,,,1,1,,,,,1,2,,,,2,2,,,3,,,,2,,1,,,,1,,,,,');
INSERT INTO "revisions" VALUES(6,1,'e5179b4962bc49984151e641f64d688286c8a60af2b8d45edcfaad9d1d73dc98','---
title: 巡回法庭进山村（第4篇）
column: action
publish_at: now
department: 民一庭
summary: 法官把法庭搬到田间地头。
---

把法庭搬到田间地头，第 4 次。金昌市中级人民法院在行动。
',1795957162852571,'巡回法庭进山村（第4篇）','民一庭','','dc62c54cc3881af3c9dc8ac529037589',24,',,1,,,,,,,,1,,2,,,,,2,,,,2,,,,,,,,,,,,1,1,,,,,1,2,,,,2,2,,,3,,,,3,,,,,,1,,,,,');
CREATE TABLE seals (
	number INTEGER NOT NULL, 
	first INTEGER NOT NULL, 
	last INTEGER NOT NULL, 
	count INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	sealed_at BIGINT NOT NULL, 
	CONSTRAINT pk_seals PRIMARY KEY (number), 
	CONSTRAINT uq_seals_last UNIQUE (last)
);
INSERT INTO "seals" VALUES(1,1,38,38,'94f13445e8ef8dffe910234d489046ee9cd304f9dd5b4fc6f1e61afa0a474526','0000000000000000000000000000000000000000000000000000000000000000',1795957139949117);
INSERT INTO "seals" VALUES(2,39,57,19,'cbc3b4880ab3eec1420fa5cd3bb1bcdbaec6c13d5e4778c900d9f4cb76050763','94f13445e8ef8dffe910234d489046ee9cd304f9dd5b4fc6f1e61afa0a474526',1795957195153877);
CREATE TABLE slots (
	column_id VARCHAR(100) NOT NULL, 
	at BIGINT NOT NULL, 
	post_id INTEGER NOT NULL, 
	CONSTRAINT pk_slots PRIMARY KEY (column_id, at), 
	CONSTRAINT fk_slots_post_id FOREIGN KEY(post_id) REFERENCES posts (id), 
	CONSTRAINT uq_slots_post_id UNIQUE (post_id)
);
CREATE INDEX ix_pace_budget ON pace (budget, spent_at);
CREATE INDEX ix_deliveries_due ON deliveries (channel, ready_at) WHERE state = 'scheduled' AND waiting = 0;
CREATE INDEX ix_deliveries_look ON deliveries (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX ix_deliveries_person ON deliveries (state) WHERE state IN ('unknown', 'rejected', 'failed', 'held', 'retracting');
CREATE INDEX ix_deliveries_waiting ON deliveries (ready_at) WHERE state = 'scheduled' AND waiting = 1;
CREATE INDEX ix_attempts_open ON attempts (lease_until) WHERE ended_at IS NULL;
CREATE INDEX ix_events_delivery_id ON events (delivery_id);
CREATE INDEX ix_receipts_published_at ON receipts (published_at);
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events is append-only'); END;
CREATE TRIGGER seals_no_update BEFORE UPDATE ON seals BEGIN SELECT RAISE(ABORT, 'seals is append-only'); END;
CREATE TRIGGER seals_no_delete BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'seals is append-only'); END;
CREATE INDEX ix_attempts_lost ON attempts (delivery_id) WHERE outcome = 'lost' AND action = 'publish' AND gone_at IS NULL;
CREATE INDEX ix_events_proofs ON events (delivery_id) WHERE after IN ('second_proof', 'once');
CREATE INDEX ix_late_proofs_delivery_id ON late_proofs (delivery_id);
CREATE INDEX ix_revisions_title_key ON revisions (title_key, length);
CREATE INDEX ix_deliveries_handed_over ON deliveries (channel) WHERE state = 'accepted' AND look_at IS NULL;
CREATE INDEX ix_deliveries_unnamed ON deliveries (channel) WHERE account = '' AND attempt > 0;
CREATE INDEX ix_deliveries_waiting_on ON deliveries (channel) WHERE state = 'scheduled' AND waiting = 1;
CREATE TRIGGER events_no_replace BEFORE INSERT ON events WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'events is append-only'); END;
CREATE TRIGGER seals_no_replace BEFORE INSERT ON seals WHEN EXISTS (SELECT 1 FROM seals WHERE number = NEW.number OR last = NEW.last) BEGIN SELECT RAISE(ABORT, 'seals is append-only'); END;
CREATE INDEX ix_events_identity ON events (id) WHERE after = 'identity';
CREATE INDEX ix_events_revised ON events (post_id, revision) WHERE after = 'revised';
COMMIT;
