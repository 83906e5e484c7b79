-- The database and an account with the least rights, for MySQL 5.7, 8.0 or MariaDB. Replace the password.
CREATE DATABASE live_room CHARACTER SET utf8mb4;
CREATE USER 'live_room'@'localhost' IDENTIFIED BY 'replace-this-password';
-- The service's own work.
GRANT SELECT, INSERT, UPDATE, DELETE ON live_room.* TO 'live_room'@'localhost';
-- Making and changing its tables at the first start and after an upgrade.
GRANT CREATE, ALTER, INDEX, DROP, REFERENCES ON live_room.* TO 'live_room'@'localhost';
